using Replica.Crdt.Causality;

namespace Replica.Peer.Exchange;

/// <summary>Asks the store for a page of runs that a peer lacks, in this replica's order of application.</summary>
/// <param name="AfterArrival">The cursor: 0 for the start, then <see cref="RunPage.LastArrival"/> of the page before.</param>
/// <param name="Has">How far the peer's copy of each branch reaches, by this replica's numbers; one that is not listed is lacked whole.</param>
/// <param name="Blocked">Branches not to be sent: held or rejected by the peer.</param>
/// <param name="BytesMax">The page ends with the run that reaches this many bytes of changes.</param>
public sealed record RunQuery(
    long AfterArrival, IReadOnlyDictionary<BranchId, ulong> Has, IReadOnlySet<BranchId> Blocked, int BytesMax)
{
    /// <summary>The page ends with the last run that begins at or before this arrival number: what is on disk.</summary>
    public long ThroughArrival { get; init; } = long.MaxValue;
}
