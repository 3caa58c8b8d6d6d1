namespace Replica.Crdt.Causality;

/// <summary>What one operation has in its past: its change's closed context and the operations before it in the change.</summary>
/// <param name="Known">The closed context; of its own branch, everything before the change.</param>
/// <param name="Branch">The branch of the change.</param>
/// <param name="Seq">The change's number.</param>
/// <param name="Index">The operation's place in the change.</param>
public readonly record struct OperationContext(VersionVector Known, BranchId Branch, ulong Seq, int Index)
{
    /// <summary>Whether an operation happens before this one.</summary>
    public bool Covers(Stamp earlier) => Covers(earlier.Branch, earlier.Seq, earlier.Index);

    /// <summary>Whether an operation happens before this one.</summary>
    public bool Covers(BranchId branch, ulong seq, int index) => branch == Branch && seq == Seq
        ? index < Index
        : Known.Covers(branch, seq);
}
