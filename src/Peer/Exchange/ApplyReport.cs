using Replica.Crdt.Causality;

namespace Replica.Peer.Exchange;

/// <summary>What became of a batch of runs.</summary>
/// <param name="Results">One for each run, in order.</param>
/// <param name="Durable">All durable positions afterwards, ascending.</param>
public sealed record ApplyReport(IReadOnlyList<RunResult> Results, IReadOnlyList<Position> Durable);
