using System.Text;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.Web.Json;

namespace Replica.PeerCli.Output;

/// <summary>Nodes and edges as people read them. All text in them is somebody's, so all of it is escaped.</summary>
internal static class GraphText
{
    /// <summary>A node: its id and type, then a line for each field.</summary>
    public static IEnumerable<string> Node(string json, Paint paint = default)
    {
        var node = (Mutation.PutNode)GraphJson.Read(Encoding.UTF8.GetBytes(json));
        yield return paint.Head(SafeText.Of(node.Id)) + paint.Faint(Type(node.Type));
        foreach (var (name, value) in node.Fields)
        {
            yield return $"  {paint.Name(SafeText.Of(name))} = {Of(value)}";
        }

        if (node.Vector is { } vector)
        {
            yield return $"  vector of {vector.Length} numbers";
        }
    }

    /// <summary>A node in one line: id, type, fields.</summary>
    public static string NodeLine(string json)
    {
        var node = (Mutation.PutNode)GraphJson.Read(Encoding.UTF8.GetBytes(json));
        return SafeText.Of(node.Id) + Type(node.Type) + Fields(node.Fields);
    }

    /// <summary>A node as a row of a table.</summary>
    public static Cell[] NodeCells(string json)
    {
        var node = (Mutation.PutNode)GraphJson.Read(Encoding.UTF8.GetBytes(json));
        return [Cell.Name(SafeText.Of(node.Id)), SafeText.Of(node.Type ?? ""), Fields(node.Fields).TrimStart()];
    }

    /// <summary>An edge as a row of a table.</summary>
    public static Cell[] EdgeCells(string json)
    {
        var link = (Mutation.LinkEdge)GraphJson.Read(Encoding.UTF8.GetBytes(json));
        var edge = link.Edge;
        return
        [
            Cell.Name(SafeText.Of(edge.From)), SafeText.Of(edge.Relation), Cell.Name(SafeText.Of(edge.To)), SafeText.Of(edge.Key),
            Fields(link.Fields).TrimStart(),
        ];
    }

    /// <summary>An edge in one line: from, relation, to, key, fields.</summary>
    public static string EdgeLine(string json)
    {
        var link = (Mutation.LinkEdge)GraphJson.Read(Encoding.UTF8.GetBytes(json));
        var edge = link.Edge;
        return EdgeText.Of(edge.From, edge.Relation, edge.To, edge.Key) + Fields(link.Fields);
    }

    /// <summary>A value: text as it is where that can't be mistaken, else JSON.</summary>
    public static string Of(Value value)
    {
        if (value.Kind == ValueKind.String)
        {
            var text = value.AsString();
            if (text.Length > 0 && text.Trim() == text && text is not ("true" or "false" or "null")
                && !text.StartsWith('"') && !text.StartsWith('[') && !text.StartsWith('{') && !Input.CellValue.IsJsonNumber(text))
            {
                return SafeText.Of(text);
            }
        }

        return SafeText.OfJson(value.ToString());
    }

    private static string Type(string? type) => string.IsNullOrEmpty(type) ? "" : $" ({SafeText.Of(type)})";

    private static string Fields(IReadOnlyList<KeyValuePair<string, Value>> fields) =>
        fields.Count == 0 ? "" : "  " + string.Join(", ", fields.Select(static field => $"{SafeText.Of(field.Key)}={Of(field.Value)}"));
}
