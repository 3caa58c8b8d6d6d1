using Replica.Crdt.Causality;

namespace Replica.Peer.Store.Tree;

/// <summary>A move that the tree skipped, and that no later one of its node has replaced since.</summary>
/// <param name="Node">The node that it was to move.</param>
/// <param name="Parent">Under which one; never the top, for nothing skips a move there.</param>
/// <param name="Stamp">Which operation it is.</param>
/// <param name="Holding">The move that holds instead; nothing if the node is placed nowhere.</param>
internal readonly record struct SkippedRow(string Node, string Parent, Stamp Stamp, (string? Parent, Stamp Stamp)? Holding);
