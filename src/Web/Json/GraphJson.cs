using System.Buffers;
using System.Numerics;
using System.Text.Json;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;
using Replica.Peer.Host;

namespace Replica.Web.Json;

/// <summary>
/// Nodes and edges as lines of JSON, the form that import and export share:
/// <c>{"node":id,"type":…,"fields":{…},"vector":…}</c> and <c>{"edge":[from,relation,to],"key":…,"fields":{…}}</c>. Relations to
/// one come before them, <c>{"declare":[relation,"to-one"]}</c>, and moves in the tree behind them: <c>{"move":[node,parent]}</c>,
/// siblings in their order (<see cref="TreeJson"/>).
/// </summary>
public static class GraphJson
{
    private static readonly string[] s_names = ["node", "edge", "move", "declare", "type", "key", "fields", "vector"];

    /// <summary>Writes a node, without a line end. An empty type and an empty object of fields are written too.</summary>
    public static void Write(IBufferWriter<byte> output, NodeSnapshot node)
    {
        var json = new CanonicalJson(output);
        json.Raw("{\"node\":"u8);
        json.Text(node.Id);
        json.Raw(",\"type\":"u8);
        json.Text(node.Type);
        json.Raw(",\"fields\":"u8);
        ValueJson.WriteMap(json, node.Fields);
        if (node.Vector is { } vector)
        {
            json.Raw(",\"vector\":"u8);
            VectorJson.Write(json, vector);
        }

        json.Raw("}"u8);
    }

    /// <summary>Writes an edge, without a line end. An empty key is left out.</summary>
    public static void Write(IBufferWriter<byte> output, EdgeSnapshot edge)
    {
        var json = new CanonicalJson(output);
        json.Raw("{\"edge\":"u8);
        WriteEnds(json, edge.Edge);
        json.Raw(",\"fields\":"u8);
        ValueJson.WriteMap(json, edge.Fields);
        json.Raw("}"u8);
    }

    /// <summary>Writes that a relation is to-one, without a line end.</summary>
    public static void WriteToOne(IBufferWriter<byte> output, string relation)
    {
        var json = new CanonicalJson(output);
        json.Raw("{\"declare\":["u8);
        json.Text(relation);
        json.Raw(",\"to-one\"]}"u8);
    }

    /// <summary>Reads one line as what makes it so: a node or an edge to put, a node to move, or a relation to declare.</summary>
    /// <exception cref="EncodingException">The line is no JSON, or not of this form; the message says why.</exception>
    public static Mutation Read(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = StrictObject.DepthMax });
        try
        {
            _ = reader.Read();
            var mutation = Read(ref reader);
            return reader.Read() ? throw new EncodingException("Something follows the object.") : mutation;
        }
        catch (JsonException fault)
        {
            throw JsonFault.Explain(fault);
        }
    }

    /// <summary>Reads an object of fields: names and typed values.</summary>
    /// <exception cref="EncodingException">The text is no JSON, or no object of values; the message says why.</exception>
    public static IReadOnlyList<KeyValuePair<string, Value>> ReadFields(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = StrictObject.DepthMax });
        try
        {
            _ = reader.Read();
            var fields = StrictObject.Fields(ref reader);
            return reader.Read() ? throw new EncodingException("Something follows the object.") : fields;
        }
        catch (JsonException fault)
        {
            throw JsonFault.Explain(fault);
        }
    }

    internal static void WriteEnds(CanonicalJson json, Target.Edge edge)
    {
        json.Raw("["u8);
        json.Text(edge.From);
        json.Raw(","u8);
        json.Text(edge.Relation);
        json.Raw(","u8);
        json.Text(edge.To);
        json.Raw("]"u8);
        if (edge.Key.Length > 0)
        {
            json.Raw(",\"key\":"u8);
            json.Text(edge.Key);
        }
    }

    internal static Target.Edge Ends(List<string> parts, string? key) => parts.Count == 3
        ? new Target.Edge(parts[0], parts[1], parts[2], key ?? "")
        : throw new EncodingException($"An edge is [from, relation, to]; {parts.Count} texts are there.");

    private static Mutation Read(ref Utf8JsonReader reader)
    {
        StrictObject.Start(ref reader, "line");
        string? node = null, type = null, key = null;
        List<string>? edge = null;
        Mutation? alone = null;
        VectorBytes? vector = null;
        List<KeyValuePair<string, Value>> fields = [];
        var seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            switch (StrictObject.Name(ref reader, s_names, ref seen))
            {
                case "node":
                    node = StrictObject.Text(ref reader, "node's id");
                    break;
                case "edge":
                    edge = StrictObject.Texts(ref reader, "edge");
                    break;
                case "type":
                    type = StrictObject.Text(ref reader, "type");
                    break;
                case "key":
                    key = StrictObject.Text(ref reader, "key");
                    break;
                case "fields":
                    fields = StrictObject.Fields(ref reader);
                    break;
                case "vector":
                    vector = VectorJson.Of(ValueJson.Read(ref reader));
                    break;
                case "declare":
                    alone = FieldMutationJson.DeclarationOf(StrictObject.Texts(ref reader, "declare"));
                    break;
                default:
                    alone = MoveJson.ReadPair(ref reader);
                    break;
            }
        }

        if (alone is not null)
        {
            return BitOperations.IsPow2(seen) ? alone : throw new EncodingException("A 'move' or 'declare' stands alone in its line.");
        }

        return (node, edge) switch
        {
            ({ } id, null) when key is null => new Mutation.PutNode(id, type, fields) { Vector = vector },
            (null, { }) when vector is not null => throw new EncodingException("An edge has no 'vector'; only a node has."),
            (null, { } ends) when type is null => new Mutation.LinkEdge(Ends(ends, key), fields, EndpointsRequired: false),
            ({ }, null) => throw new EncodingException("A node has no 'key'; only an edge has."),
            (null, { }) => throw new EncodingException("An edge has no 'type'; its relation says what it is."),
            (null, null) => throw new EncodingException("None of 'node', 'edge', 'move' and 'declare' is there; a line needs one of them."),
            _ => throw new EncodingException("A line is either a 'node' or an 'edge', not both."),
        };
    }
}
