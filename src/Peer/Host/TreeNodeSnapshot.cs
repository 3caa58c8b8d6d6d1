namespace Replica.Peer.Host;

/// <summary>A node in the tree.</summary>
/// <param name="Id">The node.</param>
/// <param name="Parent">The node that it is under; null for the top.</param>
/// <param name="Depth">How many levels it lies below where the listing began; 0 for the first one.</param>
public sealed record TreeNodeSnapshot(string Id, string? Parent, int Depth);
