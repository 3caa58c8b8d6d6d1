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
    public Register Apply(Stamp stamp, Value? value, ICausalView view) =>
        new(Antichain.Add(_entries ?? [], new(stamp, value, []), view));

    /// <summary>The register after an effective delete of its element.</summary>
    internal Register MarkedBy(Stamp delete, ICausalView view) => IsEmpty ? this : new(Antichain.Mark(_entries!, delete, view));

    /// <summary>The register after a write on its element.</summary>
    internal Register ContestedBy(ICausalView view) => IsEmpty ? this : new(Antichain.Contest(_entries!, view));

    /// <summary>The visible entry that is last in stamp order: a value, a removal, or nothing.</summary>
    public Entry? Winner(ICausalView view)
    {
        if (_entries is [var only])
        {
            return only.IsVisible ? only : null;
        }

        Entry? winner = null;
        foreach (ref readonly var entry in Entries)
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
