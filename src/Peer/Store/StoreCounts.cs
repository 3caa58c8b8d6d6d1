namespace Replica.Peer.Store;

/// <summary>How much a space holds.</summary>
/// <param name="Nodes">Nodes that show.</param>
/// <param name="Edges">Edges that are alive, also those hidden for want of an endpoint.</param>
/// <param name="Changes">Changes in the log.</param>
public readonly record struct StoreCounts(long Nodes, long Edges, long Changes);
