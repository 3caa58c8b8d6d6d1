using System.Text;
using Replica.Crdt.Values;
using Replica.Peer.Store.Tree;

namespace Replica.Testing.Scenarios;

/// <summary>All that shows at a replica. Each part is a value, so that parts compare and print as values do.</summary>
/// <param name="Nodes">The fields of each node by its id.</param>
/// <param name="Edges">Each edge as a list of from, relation, to, and its fields.</param>
/// <param name="Tree">Each placed node that shows with its parent, null at the top.</param>
/// <param name="Children">The children of each parent in their order; the empty name stands for the top.</param>
internal sealed record ScenarioState(Value Nodes, Value Edges, Value Tree, Value Children)
{
    /// <summary>Reads what is committed.</summary>
    public static ScenarioState Read(ScenarioReplica replica)
    {
        using var reader = replica.Engine.OpenReader();
        var tree = TreeWalk.Below(reader.Tree, null).ToArray();
        return new(
            Value.From(reader.ReadNodes(null, null).Select(static node => new KeyValuePair<string, Value>(node.Id, FieldsOf(node.Data)))),
            Value.From([.. reader.ReadEdges(null, null).Select(static edge => Value.From(
            [
                Value.From(edge.Edge.From), Value.From(edge.Edge.Relation), Value.From(edge.Edge.To), FieldsOf(edge.Data),
            ]))]),
            Value.From(tree.Select(static item => new KeyValuePair<string, Value>(item.Id, Text(item.Parent)))),
            Value.From(tree.GroupBy(static item => item.Parent ?? "").Select(static siblings => new KeyValuePair<string, Value>(
                siblings.Key, Value.From([.. siblings.Select(static item => Value.From(item.Id))])))));
    }

    /// <summary>Everything in one value.</summary>
    public Value All => Value.From(
    [
        new KeyValuePair<string, Value>("nodes", Nodes), new("edges", Edges), new("tree", Tree), new("children", Children),
    ]);

    /// <summary>The ends of each edge that shows, without its fields.</summary>
    public Value EdgeNames => Value.From([.. Edges.AsArray().Select(static edge => Value.From([.. edge.AsArray().Take(3)]))]);

    /// <summary>The value under a name, or nothing.</summary>
    public static Value? Find(Value map, string name)
    {
        foreach (var (key, value) in map.AsMap())
        {
            if (key == name)
            {
                return value;
            }
        }

        return null;
    }

    private static Value Text(string? text) => text is null ? Value.Null : Value.From(text);

    private static Value FieldsOf(ReadOnlyMemory<byte> json) =>
        ValueJson.Parse(Encoding.UTF8.GetBytes("{\"$map\":" + Encoding.UTF8.GetString(json.Span) + "}"));
}
