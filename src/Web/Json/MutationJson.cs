using System.Buffers;
using System.Text.Json;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;
using Replica.Peer.Host;

namespace Replica.Web.Json;

/// <summary>
/// The body of a transaction, <c>{"mutations":[…]}</c>, each mutation an object with one name:
/// <c>put</c>, <c>delete</c>, <c>link</c>, <c>unlink</c>, <c>move</c>, <c>respace</c>, <c>setCounter</c>,
/// <c>addCounter</c>, <c>addToSet</c>, <c>removeFromSet</c>, <c>declare</c>, <c>resolve</c>,
/// <c>removeFields</c>, <c>setVector</c> or <c>raise</c>.
/// </summary>
public static class MutationJson
{
    /// <summary>The longest body of a transaction in bytes.</summary>
    public const int BodyBytesMax = 8 * 1024 * 1024;

    /// <summary>The most mutations in one transaction.</summary>
    public const int MutationsMax = 100_000;

    private static readonly string[] s_kinds =
        ["put", "delete", "link", "unlink", "move", "respace", .. FieldMutationJson.Kinds];
    private static readonly string[] s_body = ["mutations"];
    private static readonly string[] s_put = ["id", "type", "fields", "vector"];
    private static readonly string[] s_delete = ["id"];
    private static readonly string[] s_link = ["edge", "key", "fields", "endpointsRequired"];
    private static readonly string[] s_unlink = ["edge", "key"];

    /// <summary>Writes a whole body.</summary>
    public static void WriteBody(IBufferWriter<byte> output, IEnumerable<Mutation> mutations)
    {
        var json = new CanonicalJson(output);
        json.Raw("{\"mutations\":["u8);
        var first = true;
        foreach (var mutation in mutations)
        {
            json.Raw(first ? default : ","u8);
            Write(json, mutation);
            first = false;
        }

        json.Raw("]}"u8);
    }

    /// <summary>Writes one mutation.</summary>
    public static void Write(CanonicalJson json, Mutation mutation)
    {
        switch (mutation)
        {
            case Mutation.PutNode put:
                json.Raw("{\"put\":{\"id\":"u8);
                json.Text(put.Id);
                if (put.Type is not null)
                {
                    json.Raw(",\"type\":"u8);
                    json.Text(put.Type);
                }

                json.Raw(",\"fields\":"u8);
                ValueJson.WriteMap(json, put.Fields);
                if (put.Vector is { } vector)
                {
                    json.Raw(",\"vector\":"u8);
                    VectorJson.Write(json, vector);
                }

                break;
            case Mutation.DeleteNode delete:
                json.Raw("{\"delete\":{\"id\":"u8);
                json.Text(delete.Id);
                break;
            case Mutation.LinkEdge link:
                json.Raw("{\"link\":{\"edge\":"u8);
                GraphJson.WriteEnds(json, link.Edge);
                json.Raw(",\"fields\":"u8);
                ValueJson.WriteMap(json, link.Fields);
                json.Raw(link.EndpointsRequired ? ",\"endpointsRequired\":true"u8 : default);
                break;
            case Mutation.UnlinkEdge unlink:
                json.Raw("{\"unlink\":{\"edge\":"u8);
                GraphJson.WriteEnds(json, unlink.Edge);
                break;
            case Mutation.MoveNode move:
                MoveJson.Write(json, move);
                break;
            case Mutation.Respace respace:
                MoveJson.Write(json, respace);
                break;
            default:
                FieldMutationJson.Write(json, mutation);
                break;
        }

        json.Raw("}}"u8);
    }

    /// <summary>Reads a whole body.</summary>
    /// <exception cref="EncodingException">It is no JSON, or not of this form; the message names the mutation by its place.</exception>
    public static List<Mutation> ReadBody(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = StrictObject.DepthMax });
        var mutations = new List<Mutation>();
        var seen = 0;
        try
        {
            _ = reader.Read();
            StrictObject.Start(ref reader, "body");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                _ = StrictObject.Name(ref reader, s_body, ref seen);
                if (reader.TokenType != JsonTokenType.StartArray)
                {
                    throw new EncodingException("'mutations' must be an array.");
                }

                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    mutations.Add(mutations.Count < MutationsMax
                        ? Read(ref reader)
                        : throw new EncodingException($"More than {MutationsMax} mutations are there: split the transaction."));
                }
            }

            StrictObject.End(ref reader);
            return seen == 0 ? throw new EncodingException("The name 'mutations' is missing.") : mutations;
        }
        catch (EncodingException fault) when (mutations.Count > 0)
        {
            throw new EncodingException($"Mutation {mutations.Count}, counted from 0: {fault.Message}");
        }
        catch (JsonException fault)
        {
            throw JsonFault.Explain(fault);
        }
    }

    private static Mutation Read(ref Utf8JsonReader reader)
    {
        StrictObject.Start(ref reader, "mutation");
        _ = reader.Read();
        if (reader.TokenType != JsonTokenType.PropertyName)
        {
            throw new EncodingException($"A mutation has one name; allowed: {string.Join(", ", s_kinds)}.");
        }

        var seen = 0;
        var kind = StrictObject.Name(ref reader, s_kinds, ref seen);
        StrictObject.Start(ref reader, $"value of '{kind}'");
        Mutation mutation = kind switch
        {
            "put" => ReadPut(ref reader),
            "delete" => ReadDelete(ref reader),
            "link" => ReadLink(ref reader),
            "unlink" => ReadUnlink(ref reader),
            "move" => MoveJson.ReadMove(ref reader),
            "respace" => MoveJson.ReadRespace(ref reader),
            _ => FieldMutationJson.Read(ref reader, kind),
        };
        _ = reader.Read();
        return reader.TokenType == JsonTokenType.EndObject
            ? mutation
            : throw new EncodingException("A mutation has one name only; more are there: make them mutations of their own.");
    }

    private static Mutation.PutNode ReadPut(ref Utf8JsonReader reader)
    {
        string? id = null, type = null;
        List<KeyValuePair<string, Value>> fields = [];
        VectorBytes? vector = null;
        var seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            switch (StrictObject.Name(ref reader, s_put, ref seen))
            {
                case "id":
                    id = StrictObject.Text(ref reader, "id");
                    break;
                case "type":
                    type = StrictObject.Text(ref reader, "type");
                    break;
                case "vector":
                    vector = VectorJson.Of(ValueJson.Read(ref reader));
                    break;
                default:
                    fields = StrictObject.Fields(ref reader);
                    break;
            }
        }

        return new(StrictObject.Due(id, "id"), type, fields) { Vector = vector };
    }

    private static Mutation.DeleteNode ReadDelete(ref Utf8JsonReader reader)
    {
        string? id = null;
        var seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            _ = StrictObject.Name(ref reader, s_delete, ref seen);
            id = StrictObject.Text(ref reader, "id");
        }

        return new(StrictObject.Due(id, "id"));
    }

    private static Mutation.LinkEdge ReadLink(ref Utf8JsonReader reader)
    {
        List<string>? edge = null;
        string? key = null;
        List<KeyValuePair<string, Value>> fields = [];
        var endpointsRequired = false;
        var seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            switch (StrictObject.Name(ref reader, s_link, ref seen))
            {
                case "edge":
                    edge = StrictObject.Texts(ref reader, "edge");
                    break;
                case "key":
                    key = StrictObject.Text(ref reader, "key");
                    break;
                case "fields":
                    fields = StrictObject.Fields(ref reader);
                    break;
                default:
                    endpointsRequired = StrictObject.Truth(ref reader, "value of 'endpointsRequired'");
                    break;
            }
        }

        return new(GraphJson.Ends(StrictObject.Due(edge, "edge"), key), fields, endpointsRequired);
    }

    private static Mutation.UnlinkEdge ReadUnlink(ref Utf8JsonReader reader)
    {
        List<string>? edge = null;
        string? key = null;
        var seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (StrictObject.Name(ref reader, s_unlink, ref seen) == "edge")
            {
                edge = StrictObject.Texts(ref reader, "edge");
            }
            else
            {
                key = StrictObject.Text(ref reader, "key");
            }
        }

        return new(GraphJson.Ends(StrictObject.Due(edge, "edge"), key));
    }
}
