using Replica.Crdt.Causality;

namespace Replica.Peer.Host;

/// <summary>What one change did to a node or an edge.</summary>
/// <param name="Dot">The change: its log and the number in it.</param>
/// <param name="Time">When it was made, by its author's clock.</param>
/// <param name="Author">The display name of its author.</param>
/// <param name="Steps">What it did to the element, in order; at least one.</param>
public sealed record HistoryEntry(Dot Dot, HybridTimestamp Time, string Author, IReadOnlyList<HistoryStep> Steps);
