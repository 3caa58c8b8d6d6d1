using Replica.Crdt.Tree;

namespace Replica.Peer.Store.Tree;

/// <summary>Where a node is placed, as the writer sees it.</summary>
/// <param name="Parent">Under which node.</param>
/// <param name="Position">Where among the children there.</param>
internal readonly record struct Placement(NodeNumber Parent, TreePosition Position);
