using Replica.Crdt.Causality;

namespace Replica.Peer.Store;

/// <summary>Where a branch of a forked log leaves a chain that was known before it.</summary>
/// <param name="Parent">The branch with that chain.</param>
/// <param name="Seq">The number of the last change that both share; 0 if their first changes differ.</param>
internal readonly record struct ForkPoint(BranchId Parent, ulong Seq);
