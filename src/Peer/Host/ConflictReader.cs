using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Crdt.Values;
using Replica.Peer.Store;

namespace Replica.Peer.Host;

/// <summary>Reads conflicts out of one snapshot, with the names behind the stamps.</summary>
internal sealed class ConflictReader(IStoreReader reader)
{
    private readonly IReadOnlyList<LogRow> _logs = reader.ReadLogs();

    /// <summary>All conflicts: nodes by id, edges, to-one relations by node, then places in the tree by node.</summary>
    public IEnumerable<Conflict> ReadAll()
    {
        foreach (var (target, row) in reader.ReadConflicts())
        {
            foreach (var conflict in Of(target, row))
            {
                yield return conflict;
            }
        }

        foreach (var rivals in reader.ReadRivals(null))
        {
            yield return Of(rivals);
        }

        foreach (var conflict in ReadSkipped(null))
        {
            yield return conflict;
        }
    }

    /// <summary>The conflicts of one node, with the to-one relations of the edges that leave it and its place, or of one edge.</summary>
    public IReadOnlyList<Conflict> Read(Target target)
    {
        var found = reader.GetRow(target) is { HasConflicts: true } row ? Of(target, row).ToList() : [];
        if (target is Target.Node node)
        {
            found.AddRange(reader.ReadRivals(node.Id).Select(Of));
            found.AddRange(ReadSkipped(node.Id));
        }

        return found;
    }

    private IEnumerable<Conflict> Of(Target target, ElementRow row) =>
        ConflictList.Of(ElementRowCodec.Decode(row, target is Target.Edge), reader.Order).Select(found => new Conflict(
            target, found.Place, found.Name, Write(found.Shown), [.. found.Losers.Select(Write)]));

    private Conflict Of(IReadOnlyList<StoredEdge> rivals)
    {
        var edge = rivals[0].Edge;
        return new(
            new Target.Node(edge.From), ConflictPlace.Relation, edge.Relation, Write(rivals[0]), [.. rivals.Skip(1).Select(Write)]);
    }

    private ConflictingWrite Write(ConflictEntry entry) => Write(entry.Kind, entry.Value, null, entry.Stamp);

    private ConflictingWrite Write(StoredEdge rival) =>
        Write(FieldKind.Register, null, rival.Edge, rival.Link ?? LastWrite(rival.Edge));

    /// <summary>What lost of the places of nodes that are alive. The move that holds shows, if there is one.</summary>
    private IEnumerable<Conflict> ReadSkipped(string? id)
    {
        var byNode = reader.Tree.ReadSkipped(id).GroupBy(static row => row.Node).OrderBy(static node => node.Key, Utf8Order.Instance);
        foreach (var moves in byNode)
        {
            if (reader.GetNode(moves.Key) is not null)
            {
                var rows = moves.ToList();
                rows.Sort((a, b) => StampOrder.Compare(b.Stamp, a.Stamp, reader.Order));
                var holding = rows[0].Holding;
                yield return new(
                    new Target.Node(moves.Key), ConflictPlace.Move, "", holding is { } move ? Write(move.Parent, move.Stamp) : null,
                    [.. rows.Select(row => Write(row.Parent, row.Stamp))]);
            }
        }
    }

    /// <summary>A move: its value is the parent, none at the top.</summary>
    private ConflictingWrite Write(string? parent, Stamp stamp) =>
        Write(FieldKind.Register, parent is null ? null : Value.Reference(parent), null, stamp);

    /// <summary>Who made an edge that was never linked: the last to write on it.</summary>
    private Stamp LastWrite(Target.Edge edge)
    {
        var writes = ElementRowCodec.Decode(reader.GetRow(edge)!.Value, isEdge: true).Writes;
        var last = writes[0].Stamp;
        foreach (ref readonly var write in writes)
        {
            last = StampOrder.Compare(write.Stamp, last, reader.Order) > 0 ? write.Stamp : last;
        }

        return last;
    }

    private ConflictingWrite Write(FieldKind kind, Value? value, Target.Edge? edge, Stamp stamp)
    {
        var log = _logs[stamp.Branch.Value];
        return new(kind, value, edge, log.Author, log.Name, new(log.Log, stamp.Seq), stamp.Index, stamp.Time);
    }
}
