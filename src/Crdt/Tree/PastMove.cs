using Replica.Crdt.Causality;

namespace Replica.Crdt.Tree;

/// <summary>One move that was folded before.</summary>
/// <param name="Parent">Under which node.</param>
/// <param name="Stamp">Which operation it is.</param>
/// <param name="IsSkipped">Whether it had no effect, because it would have made a node its own ancestor.</param>
public readonly record struct PastMove(NodeNumber Parent, Stamp Stamp, bool IsSkipped);
