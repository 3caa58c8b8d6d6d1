using Replica.Crdt.Causality;
using Replica.Peer.Sync;

namespace Replica.Peer.Net;

/// <summary>What was known of a peer's copy of a space when the last session with it ended.</summary>
/// <param name="Address">Where it was.</param>
/// <param name="Positions">What it held durably; it holds no less now.</param>
/// <param name="RefusedByPeer">What it did not take.</param>
/// <param name="LastHeard">When it last said something.</param>
internal sealed record KnownPeer(string Address, IReadOnlyList<Position> Positions, IReadOnlyList<SyncRefusal> RefusedByPeer, DateTimeOffset LastHeard);
