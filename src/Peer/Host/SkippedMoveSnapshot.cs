using Replica.Crdt.Causality;

namespace Replica.Peer.Host;

/// <summary>A move that lost: it would have put a node under itself. A new move of the node settles it.</summary>
/// <param name="Node">The node that was to move.</param>
/// <param name="Parent">Under which one.</param>
/// <param name="Dot">The change that moved it.</param>
/// <param name="Time">The stamp of that change.</param>
/// <param name="Author">The display name of its author.</param>
public sealed record SkippedMoveSnapshot(string Node, string Parent, Dot Dot, HybridTimestamp Time, string Author);
