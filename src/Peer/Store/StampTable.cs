using Replica.Crdt.Causality;
using Replica.Crdt.Elements;

namespace Replica.Peer.Store;

/// <summary>The distinct changes that an element's entries and marks name, in order of first use.</summary>
internal sealed class StampTable
{
    private readonly OrderedDictionary<(HybridTimestamp Time, BranchId Branch, ulong Seq), int> _changes = [];

    private StampTable()
    {
    }

    /// <summary>The changes in order.</summary>
    public IEnumerable<(HybridTimestamp Time, BranchId Branch, ulong Seq)> Changes => _changes.Keys;

    /// <summary>How many there are.</summary>
    public int Count => _changes.Count;

    /// <summary>Collects the changes of an element.</summary>
    public static StampTable Of(Element element)
    {
        var table = new StampTable();
        table.Add(element.Writes);
        table.Add(element.Type.Entries);
        table.Add(element.Vector.Entries);
        table.Add(element.Links.Entries);
        foreach (ref readonly var field in element.Fields)
        {
            table.Add(field);
        }

        return table;
    }

    /// <summary>The number of a stamp's change.</summary>
    public int this[Stamp stamp] => _changes[(stamp.Time, stamp.Branch, stamp.Seq)];

    private void Add(in Field field)
    {
        Add(field.Register.Entries);
        if (field.Counter is { } counter)
        {
            Add(counter.Origins);
            Add(counter.Heads);
            foreach (ref readonly var sum in counter.Sums)
            {
                Add(sum.Latest);
                Add(sum.Marks);
            }
        }

        if (field.Set is { } set)
        {
            foreach (ref readonly var member in set.Members)
            {
                Add(member.Entries);
            }
        }
    }

    private void Add(ReadOnlySpan<Entry> entries)
    {
        foreach (ref readonly var entry in entries)
        {
            Add(entry.Stamp);
            Add(entry.Marks);
        }
    }

    private void Add(ReadOnlySpan<Stamp> stamps)
    {
        foreach (var stamp in stamps)
        {
            Add(stamp);
        }
    }

    private void Add(Stamp stamp) => _changes.TryAdd((stamp.Time, stamp.Branch, stamp.Seq), _changes.Count);
}
