using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Host;

namespace Replica.PeerCli.Demo.Contests;

/// <summary>Contests about an edge and its ends.</summary>
internal static class EdgeContests
{
    /// <summary>One peer deletes a node to which another links.</summary>
    public static Contest LinkAgainstDelete(Mutation.PutNode deleted, Mutation.PutNode from)
    {
        var edge = new Target.Edge(from.Id, "demo-needs", deleted.Id, "");
        Edit[] edits =
        [
            new(0, $"deletes {deleted.Id}", [new Mutation.DeleteNode(deleted.Id)]),
            new(1, $"links {from.Id} to it", [new Mutation.LinkEdge(edge, [], EndpointsRequired: true)]),
        ];
        return new($"delete of {deleted.Id} against a link to it", edits, async (after, cancellationToken) =>
        {
            var node = await after.NodeAsync(deleted.Id, cancellationToken);
            var shown = await after.EdgeAsync(edge, cancellationToken);
            return new(
                $"the node is {(node is null ? "gone" : "there")}, the edge is {(shown is null ? "hidden" : "shown")}",
                "the delete of peer 1", "the link of peer 2",
                "a link writes the edge, not its ends: the node goes, the edge is kept and hidden for want of an end",
                node is null && shown is null);
        });
    }

    /// <summary>One peer removes an edge on which another sets a field.</summary>
    public static Contest UnlinkAgainstField(Mutation.LinkEdge edge)
    {
        var note = new KeyValuePair<string, Value>("note", Value.From("checked"));
        var name = $"{edge.Edge.From} {edge.Edge.Relation} {edge.Edge.To}";
        Edit[] edits =
        [
            new(2, "unlinks it", [new Mutation.UnlinkEdge(edge.Edge)]),
            new(0, $"sets {Aftermath.Describe(note.Key, note.Value)} on it", [new Mutation.LinkEdge(edge.Edge, [note], EndpointsRequired: false)]),
        ];
        return new($"unlink of {name} against a write on it", edits, async (after, cancellationToken) =>
        {
            var shown = await after.EdgeAsync(edge.Edge, cancellationToken);
            return new(
                shown is null ? "the edge is gone" : $"the edge with {Aftermath.Describe(note.Key, Aftermath.Field(shown.Fields, note.Key))}",
                "the write of peer 1", "the unlink of peer 3",
                "an edge is an element as a node is: the unlink was contested, the edge stays whole",
                shown is not null && Aftermath.HasAll(shown.Fields, edge.Fields.Append(note)));
        });
    }

    /// <summary>Two peers make the same edge.</summary>
    public static Contest SameEdge(Mutation.PutNode from, Mutation.PutNode to)
    {
        var edge = new Target.Edge(from.Id, "demo-goes-with", to.Id, "");
        KeyValuePair<string, Value>[] fields = [new("since", Value.From(2024L)), new("weight", Value.From(0.5))];
        Edit[] edits =
        [
            new(1, "links with since = 2024", [new Mutation.LinkEdge(edge, [fields[0]], EndpointsRequired: true)]),
            new(2, "links with weight = 0.5", [new Mutation.LinkEdge(edge, [fields[1]], EndpointsRequired: true)]),
        ];
        return new($"one edge from {from.Id} to {to.Id}, made by two", edits, async (after, cancellationToken) =>
        {
            var shown = await after.EdgeAsync(edge, cancellationToken);
            return new(
                shown is null ? "no edge" : "one edge with " + string.Join(", ", fields.Select(field =>
                    Aftermath.Describe(field.Key, Aftermath.Field(shown.Fields, field.Key)))),
                "both links", "", "same ends, relation and key are the same edge: the fields of both come together",
                shown is not null && Aftermath.HasAll(shown.Fields, fields));
        });
    }
}
