namespace Replica.Peer.Store.Tree;

/// <summary>Where a placed node is.</summary>
/// <param name="Parent">The node that it is under; null for the top.</param>
/// <param name="IsAlive">Whether the placed node itself is alive.</param>
internal readonly record struct NodePlace(string? Parent, bool IsAlive);
