using Replica.Crdt.Causality;

namespace Replica.Peer.Store;

/// <summary>Where the new part of a run stands in what is held here.</summary>
/// <param name="Branch">The branch that holds the change before it; nothing if the log is new.</param>
/// <param name="Seq">The number of that change; 0 for none. Before the branch's tip, a new branch begins here.</param>
/// <param name="Held">How many changes of the run are held already.</param>
/// <param name="Heads">The chain heads at all changes of the run.</param>
internal readonly record struct RunPlace(BranchId? Branch, ulong Seq, int Held, ChainHead[] Heads);
