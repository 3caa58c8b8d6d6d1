using Replica.Crdt.Causality;

namespace Replica.Peer.Exchange;

/// <summary>Asks the store where places stand that a peer spoke of.</summary>
/// <param name="Places">The places.</param>
/// <param name="Traced">
/// The log that the peer traced: ours is traced in answer, and it is not taken to be ahead on our chain. Nothing if none.
/// </param>
public sealed record PlaceQuery(IReadOnlyList<Position> Places, LogId? Traced);
