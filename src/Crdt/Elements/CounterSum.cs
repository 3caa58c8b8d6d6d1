using Replica.Crdt.Causality;

namespace Replica.Crdt.Elements;

/// <summary>What was added to one set of a counter under the same deletes.</summary>
/// <param name="Base">The set that the adds name; nothing while the counter knows none.</param>
/// <param name="Marks">The minimal effective deletes that cover these adds; empty while they count.</param>
/// <param name="Sum">Their sum modulo 2^64.</param>
/// <param name="Latest">The add that is last in stamp order.</param>
public readonly record struct CounterSum(Stamp? Base, Stamp[] Marks, long Sum, Stamp Latest)
{
    /// <summary>Whether no effective delete covers the adds.</summary>
    public bool IsVisible => Marks.Length == 0;

    /// <summary>Equal parts; marks in the same order.</summary>
    public bool Equals(CounterSum other) => Base == other.Base && Sum == other.Sum && Latest == other.Latest
        && Marks.AsSpan().SequenceEqual(other.Marks);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Base, Sum, Latest, Marks.Length);

    /// <summary>Whether an add belongs into this sum: same base, same deletes in any order.</summary>
    internal bool IsOf(Stamp? @base, Stamp[] marks)
    {
        if (Base != @base || Marks.Length != marks.Length)
        {
            return false;
        }

        foreach (var mark in marks)
        {
            if (Array.IndexOf(Marks, mark) < 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Both sums in one.</summary>
    internal CounterSum Plus(long sum, Stamp latest, ICausalView view) => this with
    {
        Sum = unchecked(Sum + sum),
        Latest = StampOrder.Compare(latest, Latest, view) > 0 ? latest : Latest,
    };
}
