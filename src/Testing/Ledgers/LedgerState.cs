using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Crdt.Values;
using Replica.Peer.Store;
using Replica.Peer.Store.Tree;
using Replica.Testing.Model;

namespace Replica.Testing.Ledgers;

/// <summary>Everything that a ledger shows, in the lines that the slow model writes.</summary>
internal static class LedgerState
{
    /// <summary>What is committed: visible elements as its readers give them, and conflicts as its rows hold them.</summary>
    public static IReadOnlyList<string> ToLines(SpaceLedger ledger, IStoreEngine engine)
    {
        using var reader = engine.OpenReader();
        return ToLines(reader);
    }

    /// <summary>What a snapshot holds.</summary>
    public static IReadOnlyList<string> ToLines(IStoreReader reader)
    {
        var lines = new List<string>();
        foreach (var node in reader.ReadNodes(null, null))
        {
            lines.Add(Line(new Target.Node(node.Id), node.Type, node.Vector, node.Data));
        }

        foreach (var edge in reader.ReadEdges(null, null))
        {
            lines.Add(Line(edge.Edge, "", default, edge.Data));
        }

        foreach (var rivals in reader.ReadRivals(null))
        {
            lines.AddRange(rivals.Skip(1).Select(lost => StateLines.GivesWay(lost.Edge, rivals[0].Edge)));
        }

        AddTree(lines, reader);
        var targets = Changes(reader).SelectMany(static change => change.Groups).Select(static group => group.Target).ToHashSet();
        foreach (var target in targets.Where(static target => target is not Target.Space))
        {
            if (reader.GetRow(target) is { } row)
            {
                var element = ElementRowCodec.Decode(row, target is Target.Edge);
                AddConflicts(lines, target, element, reader.Order);
                if (row.HasConflicts != ConflictList.Of(element, reader.Order).Count > 0)
                {
                    lines.Add($"{StateLines.Name(target)} is not listed rightly among the conflicts");
                }
            }
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    /// <summary>A hash of what a snapshot holds, from the bytes as they rest: quick, and equal where the lines are.</summary>
    public static Bytes32 Hash(IStoreReader reader)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        foreach (var node in reader.ReadNodes(null, null))
        {
            Write(output, node.Id);
            Write(output, node.Type);
            Write(output, node.Vector.Span);
            Write(output, node.Data.Span);
        }

        foreach (var edge in reader.ReadEdges(null, null))
        {
            Write(output, StateLines.Name(edge.Edge));
            Write(output, edge.Data.Span);
        }

        var lines = new List<string>();
        AddTree(lines, reader);
        foreach (var (target, row) in reader.ReadConflicts())
        {
            AddConflicts(lines, target, ElementRowCodec.Decode(row, target is Target.Edge), reader.Order);
        }

        lines.Sort(StringComparer.Ordinal);
        lines.ForEach(line => Write(output, line));
        return Bytes32.FromBytes(SHA256.HashData(output.WrittenSpan));
    }

    /// <summary>All committed changes in this replica's order.</summary>
    public static IReadOnlyList<Change> Changes(IStoreEngine engine)
    {
        using var reader = engine.OpenReader();
        return [.. Changes(reader)];
    }

    /// <summary>All changes of a snapshot in this replica's order.</summary>
    public static IEnumerable<Change> Changes(IStoreReader reader) =>
        reader.ReadLog(0, isNewestFirst: false).Select(static stored => ChangeCodec.Decode(stored.Body));

    /// <summary>All committed changes in this replica's order with their places in the chains, from whatever branch.</summary>
    public static IReadOnlyList<ChainedChange> Chained(IStoreEngine engine)
    {
        using var reader = engine.OpenReader();
        return Chained(reader);
    }

    /// <summary>All changes of a snapshot in this replica's order with their places in the chains, from whatever branch.</summary>
    public static IReadOnlyList<ChainedChange> Chained(IStoreReader reader)
    {
        var logs = reader.ReadLogs();
        var begun = new HashSet<BranchId>();
        var heads = new Dictionary<(BranchId Branch, ulong Seq), ChainHead>();
        var chained = new List<ChainedChange>();
        foreach (var stored in reader.ReadLog(0, isNewestFirst: false))
        {
            // The first change of a branch that left another follows a change of that one, or of one that it left in turn.
            var from = stored.Branch;
            while (!begun.Contains(stored.Branch) && logs[from.Value].Fork is { } fork && stored.Seq - 1 <= fork.Seq)
            {
                from = fork.Parent;
            }

            var change = ChangeCodec.Decode(stored.Body);
            var head = heads.GetValueOrDefault((from, stored.Seq - 1), ChainHead.Empty);
            chained.Add(new(change, head));
            heads[(stored.Branch, stored.Seq)] = head.Append(change.Hash());
            _ = begun.Add(stored.Branch);
        }

        return chained;
    }

    private static void AddTree(List<string> lines, IStoreReader reader)
    {
        var tree = reader.Tree;
        var counts = new Dictionary<string, int>();
        foreach (var item in TreeWalk.Below(tree, null))
        {
            var index = counts.GetValueOrDefault(item.Parent ?? "");
            counts[item.Parent ?? ""] = index + 1;
            lines.Add(StateLines.Placed(item.Id, item.Parent, index));
        }

        lines.AddRange(TreeWalk.Orphans(tree).Select(static orphan => StateLines.Orphan(orphan.Id, orphan.Parent!)));
        lines.AddRange(tree.ReadSkipped(null).Select(skipped => StateLines.Skipped(
            skipped.Node, skipped.Parent, new(reader.Order.LogOf(skipped.Stamp.Branch), skipped.Stamp.Seq), skipped.Stamp.Index)));
    }

    private static void Write(ArrayBufferWriter<byte> output, string text) => Write(output, Encoding.UTF8.GetBytes(text));

    private static void Write(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), bytes.Length);
        output.Advance(sizeof(int));
        output.Write(bytes);
    }

    private static string Line(Target target, string type, ReadOnlyMemory<byte> vector, ReadOnlyMemory<byte> data)
    {
        // The JSON must be canonical as it stands: it is read and written again, and compared.
        var fields = ValueJson.Parse(Encoding.UTF8.GetBytes("{\"$map\":" + Encoding.UTF8.GetString(data.Span) + "}")).AsMap();
        var again = new ArrayBufferWriter<byte>();
        ValueJson.WriteMap(new(again), fields);
        return data.Span.SequenceEqual(again.WrittenSpan)
            ? StateLines.Element(target, type, vector.IsEmpty ? null : Value.From(vector.ToArray()), fields)
            : $"{StateLines.Name(target)} is not canonical: {Encoding.UTF8.GetString(data.Span)}";
    }

    /// <summary>Adds the conflicts of one element.</summary>
    public static void AddConflicts(List<string> lines, Target target, Element element, ICausalView view)
    {
        foreach (var conflict in ConflictList.Of(element, view))
        {
            var name = conflict.Place switch
            {
                ConflictPlace.Field => $"field {conflict.Name}",
                ConflictPlace.Vector => "vector",
                _ => "type",
            };
            lines.AddRange(conflict.Losers.Select(lost => StateLines.Conflict(
                target, name, new(view.LogOf(lost.Stamp.Branch), lost.Stamp.Seq), lost.Stamp.Index, lost.Value)));
        }
    }
}
