using Replica.Crdt.Causality;

namespace Replica.Peer.Store;

/// <summary>What of a space is on disk.</summary>
/// <param name="Positions">All logs as far as they are on disk, ascending. Never changed.</param>
/// <param name="LastArrival">The arrival number of the last change that is on disk.</param>
/// <param name="Own">Where the log ends that is written here; nothing before its first write.</param>
internal sealed record DurableState(Position[] Positions, long LastArrival, Position? Own);
