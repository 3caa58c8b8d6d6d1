using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Peer.Store;

/// <summary>A move that waits to be folded.</summary>
internal readonly record struct PendingMove(string Node, Operation.Move Move, Stamp Stamp);
