using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Host;

namespace Replica.PeerCli.Demo.Contests;

/// <summary>Contests about one node.</summary>
internal static class NodeContests
{
    private const string Note = "note";

    /// <summary>Three peers write one field.</summary>
    public static Contest SameField(Mutation.PutNode node)
    {
        Edit[] edits = [.. Enumerable.Range(0, 3).Select(peer => Set(peer, node.Id, Note, $"by peer {peer + 1}"))];
        return new($"one field of {node.Id}, written by three", edits, async (after, cancellationToken) =>
        {
            var shown = await after.NodeAsync(node.Id, cancellationToken);
            var value = shown is null ? null : Aftermath.Field(shown.Fields, Note);
            var winner = edits.FirstOrDefault(edit => Written(edit).Equals(value));
            return new(
                Aftermath.Describe(Note, value),
                winner is null ? "nobody" : winner.PeerName,
                string.Join(", ", edits.Where(edit => edit != winner).Select(static edit => edit.PeerName)),
                "of writes that did not see each other the last in time order shows",
                winner is not null && after.Last(edits).Contains(winner));
        });
    }

    /// <summary>Three peers write a field each.</summary>
    public static Contest OtherFields(Mutation.PutNode node)
    {
        Edit[] edits = [.. Enumerable.Range(0, 3).Select(peer => Set(peer, node.Id, $"{Note}-{peer + 1}", $"by peer {peer + 1}"))];
        return new($"three fields of {node.Id}, one written by each", edits, async (after, cancellationToken) =>
        {
            var shown = await after.NodeAsync(node.Id, cancellationToken);
            var due = edits.SelectMany(static edit => ((Mutation.PutNode)edit.Mutations[0]).Fields).ToArray();
            return new(
                string.Join(", ", due.Select(field => Aftermath.Describe(field.Key, shown is null ? null : Aftermath.Field(shown.Fields, field.Key)))),
                "all three", "", "fields are apart: writes of different ones do not compete",
                shown is not null && Aftermath.HasAll(shown.Fields, due));
        });
    }

    /// <summary>One peer deletes what another edits.</summary>
    public static Contest DeleteAgainstEdit(Mutation.PutNode node)
    {
        Edit[] edits = [Delete(0, node.Id), Set(1, node.Id, Note, "still needed")];
        return new($"delete of {node.Id} against an edit", edits, (after, cancellationToken) => WholeAsync(
            after, node, [new(Note, Value.From("still needed"))], "the edit of peer 2", "the delete of peer 1",
            "the delete was contested by an edit it had not seen: the node stays whole", cancellationToken));
    }

    /// <summary>One peer deletes a node and makes it anew in one transaction, while another edits it.</summary>
    public static Contest ReplaceAgainstEdit(Mutation.PutNode node)
    {
        var fresh = new KeyValuePair<string, Value>("fresh", Value.From(true));
        Edit[] edits =
        [
            new(0, "deletes it and makes it anew with fresh = true", [new Mutation.DeleteNode(node.Id), new Mutation.PutNode(node.Id, node.Type, [fresh])]),
            Set(2, node.Id, Note, "edited meanwhile"),
        ];
        return new($"{node.Id} deleted and made anew against an edit", edits, (after, cancellationToken) => WholeAsync(
            after, node, [fresh, new(Note, Value.From("edited meanwhile"))], "the edit of peer 3, and the new field of peer 1",
            "the delete of peer 1", "the delete was contested, what was written was not: old fields and both new ones stay", cancellationToken));
    }

    /// <summary>Two peers delete what nobody edits.</summary>
    public static Contest TwoDeletes(Mutation.PutNode node)
    {
        Edit[] edits = [Delete(0, node.Id), Delete(2, node.Id)];
        return new($"{node.Id} deleted by two", edits, async (after, cancellationToken) =>
        {
            var shown = await after.NodeAsync(node.Id, cancellationToken);
            return new(
                shown is null ? "the node is gone" : "the node is still there", "both deletes", "",
                "nobody wrote it meanwhile: the delete takes effect", shown is null);
        });
    }

    /// <summary>One peer removes a field that another sets.</summary>
    public static Contest RemoveAgainstSet(Mutation.PutNode node)
    {
        var field = node.Fields[0].Key;
        Edit[] edits =
        [
            new(1, $"removes {field}", [new Mutation.RemoveFields(new Target.Node(node.Id), [field])]),
            Set(2, node.Id, field, "set by peer 3"),
        ];
        return new($"the field {field} of {node.Id}, removed by one and set by another", edits, async (after, cancellationToken) =>
        {
            var shown = await after.NodeAsync(node.Id, cancellationToken);
            var value = shown is null ? null : Aftermath.Field(shown.Fields, field);
            var winner = edits[value is null ? 0 : 1];
            var isKnown = value is null || value.Equals(Value.From("set by peer 3"));
            return new(
                value is null ? $"no {field}" : Aftermath.Describe(field, value),
                winner.PeerName, edits[value is null ? 1 : 0].PeerName,
                "a removal of a field competes as a write does: the last in time order shows",
                shown is not null && isKnown && after.Last(edits).Contains(winner));
        });
    }

    private static async Task<Ruling> WholeAsync(
        Aftermath after, Mutation.PutNode node, IReadOnlyList<KeyValuePair<string, Value>> added, string winner, string loser, string rule,
        CancellationToken cancellationToken)
    {
        var shown = await after.NodeAsync(node.Id, cancellationToken);
        var isWhole = shown is not null && shown.Type == node.Type && Aftermath.HasAll(shown.Fields, node.Fields.Concat(added));
        var news = shown is null ? [] : added.Select(field => Aftermath.Describe(field.Key, Aftermath.Field(shown.Fields, field.Key)));
        return new(
            shown is null ? "the node is gone" : $"the node with {shown.Fields.Count} fields, {string.Join(", ", news)}",
            winner, loser, rule, isWhole);
    }

    private static Edit Delete(int peer, string id) => new(peer, "deletes it", [new Mutation.DeleteNode(id)]);

    private static Edit Set(int peer, string id, string field, string text) =>
        new(peer, $"sets {Aftermath.Describe(field, Value.From(text))}", [new Mutation.PutNode(id, null, [new(field, Value.From(text))])]);

    private static Value Written(Edit edit) => ((Mutation.PutNode)edit.Mutations[0]).Fields[0].Value;
}
