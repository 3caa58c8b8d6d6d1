using Replica.Crdt.Causality;

namespace Replica.Peer.Exchange;

/// <summary>Asks the store for a page of runs that a peer lacks, in this replica's order of application.</summary>
/// <param name="AfterArrival">The cursor: 0 for the start, then <see cref="RunPage.LastArrival"/> of the page before.</param>
/// <param name="Has">How far the peer's copy of each log reaches; a log that is not here is lacked whole.</param>
/// <param name="Blocked">Logs not to be sent: held or rejected by the peer.</param>
/// <param name="BytesMax">The page ends with the run that reaches this many bytes of changes.</param>
public sealed record RunQuery(
    long AfterArrival, IReadOnlyDictionary<LogId, ulong> Has, IReadOnlySet<LogId> Blocked, int BytesMax)
{
    /// <summary>The page ends with the last run that begins at or before this arrival number: what is on disk.</summary>
    public long ThroughArrival { get; init; } = long.MaxValue;
}
