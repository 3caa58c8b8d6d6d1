using Replica.Crdt.Causality;

namespace Replica.Crdt.Tree;

/// <summary>One move as it was made.</summary>
/// <param name="Node">The node moved.</param>
/// <param name="Parent">Under which one.</param>
/// <param name="Position">Where among the children there.</param>
/// <param name="Stamp">Which operation it is.</param>
public readonly record struct TreeMove(NodeNumber Node, NodeNumber Parent, TreePosition Position, Stamp Stamp);
