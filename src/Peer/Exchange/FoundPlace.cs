using Replica.Crdt.Causality;

namespace Replica.Peer.Exchange;

/// <summary>A place of a log that a peer spoke of, as it stands here.</summary>
/// <param name="Place">The place.</param>
/// <param name="Branch">
/// The branch that holds it, by this replica's number; also the only branch of a log that ends before the place: the
/// peer is taken to be ahead on it until it says otherwise. Nothing if it is on no chain here.
/// </param>
public readonly record struct FoundPlace(Position Place, BranchId? Branch)
{
    /// <summary>
    /// Whether it is on no chain here and beyond the only one: taken to be ahead on that, as it is unless the log is forked.
    /// </summary>
    public bool IsAhead { get; init; }
}
