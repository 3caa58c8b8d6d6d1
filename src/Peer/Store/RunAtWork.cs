using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Peer.Store;

/// <summary>The changes that are being merged and that the store doesn't have yet.</summary>
/// <param name="Branch">Their branch.</param>
/// <param name="BaseSeq">The number of the change before the first.</param>
/// <param name="Heads">The chain head at each.</param>
/// <param name="Changes">The changes.</param>
internal sealed record RunAtWork(BranchId Branch, ulong BaseSeq, ChainHead[] Heads, Change[] Changes)
{
    /// <summary>No work.</summary>
    public static RunAtWork None { get; } = new(new(-1), 0, [], []);
}
