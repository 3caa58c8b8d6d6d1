using Replica.Crdt.Causality;
using Replica.Peer.Net;

namespace Replica.Peer.Host;

/// <summary>Where the last changes of a node or edge have arrived.</summary>
/// <param name="Last">The last change of each log that what shows, or is kept, goes back to.</param>
/// <param name="Peers">The peers of the space, the connected ones first.</param>
public sealed record HolderReport(IReadOnlyList<Dot> Last, IReadOnlyList<PeerHolding> Peers);
