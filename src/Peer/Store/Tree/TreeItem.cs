namespace Replica.Peer.Store.Tree;

/// <summary>A node as a walk through the tree meets it.</summary>
/// <param name="Id">The node.</param>
/// <param name="Parent">The node that it is under; null for the top.</param>
/// <param name="Depth">How many nodes are above it in this walk.</param>
internal readonly record struct TreeItem(string Id, string? Parent, int Depth);
