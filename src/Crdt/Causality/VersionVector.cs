namespace Replica.Crdt.Causality;

/// <summary>For each branch of a log the number of changes known: a causal context with no gaps. Mutable, one owner.</summary>
/// <remarks>
/// Source: [VV]. Branches are named by the numbers that a replica gives them (<see cref="BranchId"/>), so that a
/// context costs an array of integers; outcomes never depend on those numbers.
/// </remarks>
public sealed class VersionVector
{
    private ulong[] _seqs;

    /// <summary>An empty vector.</summary>
    public VersionVector()
        : this([])
    {
    }

    private VersionVector(ulong[] seqs) => _seqs = seqs;

    /// <summary>One more than the greatest branch number that may have an entry.</summary>
    public int Length => _seqs.Length;

    /// <summary>How many changes of <paramref name="branch"/> are covered; 0 for none.</summary>
    public ulong this[BranchId branch] => branch.Value < _seqs.Length ? _seqs[branch.Value] : 0;

    /// <summary>Whether the change is covered.</summary>
    public bool Covers(BranchId branch, ulong seq) => this[branch] >= seq;

    /// <summary>Raises one entry; a smaller number changes nothing.</summary>
    /// <returns>Whether the entry grew.</returns>
    public bool Raise(BranchId branch, ulong seq)
    {
        if (this[branch] >= seq)
        {
            return false;
        }

        if (branch.Value >= _seqs.Length)
        {
            Array.Resize(ref _seqs, branch.Value + 1);
        }

        _seqs[branch.Value] = seq;
        return true;
    }

    /// <summary>Joins another vector into this one: entry by entry the greater.</summary>
    public void Join(VersionVector other)
    {
        for (var i = 0; i < other._seqs.Length; i++)
        {
            if (other._seqs[i] > 0)
            {
                _ = Raise(new(i), other._seqs[i]);
            }
        }
    }

    /// <summary>A copy with an owner of its own.</summary>
    public VersionVector Clone() => new((ulong[])_seqs.Clone());

    /// <summary>The entries above 0 by branch number.</summary>
    public IEnumerable<KeyValuePair<BranchId, ulong>> Entries()
    {
        for (var i = 0; i < _seqs.Length; i++)
        {
            if (_seqs[i] > 0)
            {
                yield return new(new(i), _seqs[i]);
            }
        }
    }
}
