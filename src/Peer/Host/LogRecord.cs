using Replica.Crdt.Changes;

namespace Replica.Peer.Host;

/// <summary>A change with its place in this replica's order of application.</summary>
/// <param name="Arrival">From 1, ascending, with no meaning on other replicas.</param>
/// <param name="Author">The display name of the log's author.</param>
/// <param name="Change">The change.</param>
public sealed record LogRecord(long Arrival, string Author, Change Change);
