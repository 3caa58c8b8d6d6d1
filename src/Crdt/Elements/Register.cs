using Replica.Crdt.Causality;
using Replica.Crdt.Values;

namespace Replica.Crdt.Elements;

/// <summary>The antichain of the maximal sets and removals of one register. Immutable.</summary>
/// <remarks>
/// Source: [MVReg], with a last writer chosen for show. A causally later entry replaces what it has seen, marked or
/// not; the stamp only orders concurrent ones, and those stay until a later write covers them.
/// </remarks>
public readonly struct Register
{
    private readonly Entry[]? _entries;

    private Register(Entry[] entries) => _entries = entries;

    /// <summary>The entries in order of arrival; mostly one.</summary>
    public ReadOnlySpan<Entry> Entries => _entries;

    /// <summary>Whether nothing was ever set or removed here.</summary>
    public bool IsEmpty => _entries is null or { Length: 0 };

    /// <summary>A register with exactly these entries, as they were kept at rest.</summary>
    public static Register FromEntries(Entry[] entries) => new(entries);

    /// <summary>The register after a set, or a removal where there is no value.</summary>
    public Register Apply(Stamp stamp, Value? value, ICausalView view)
    {
        var added = new Entry(stamp, value, []);
        return IsEmpty ? new([added]) : new([.. Array.FindAll(_entries!, entry => !view.HappensBefore(entry.Stamp)), added]);
    }

    /// <summary>The register after an effective delete of its element.</summary>
    internal Register MarkedBy(Stamp delete, ICausalView view) => IsEmpty
        ? this
        : new(Array.ConvertAll(_entries!, entry => view.HappensBefore(entry.Stamp) ? entry.MarkedBy(delete, view) : entry));

    /// <summary>The register after a write on its element.</summary>
    internal Register ContestedBy(ICausalView view) =>
        IsEmpty || Array.TrueForAll(_entries!, static entry => entry.IsVisible)
            ? this
            : new(Array.ConvertAll(_entries!, entry => entry.ContestedBy(view)));

    /// <summary>The visible entry that is last in stamp order: a value, a removal, or nothing.</summary>
    public Entry? Winner(ICausalView view)
    {
        Entry? winner = null;
        foreach (var entry in Entries)
        {
            if (entry.IsVisible && (winner is not { } best || StampOrder.Compare(entry.Stamp, best.Stamp, view) > 0))
            {
                winner = entry;
            }
        }

        return winner;
    }

    /// <summary>The visible entries that lost against the winner.</summary>
    public IEnumerable<Entry> Conflicts(ICausalView view)
    {
        var winner = Winner(view);
        return (_entries ?? []).Where(entry => entry.IsVisible && entry.Stamp != winner!.Value.Stamp);
    }
}
