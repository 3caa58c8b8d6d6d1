namespace Replica.Crdt.Tree;

/// <summary>A node by the number that a store gave it; never leaves the replica. Zero, the default, is no node: the root.</summary>
/// <param name="Value">From 1.</param>
public readonly record struct NodeNumber(long Value)
{
    /// <summary>What the nodes at the top are under.</summary>
    public static NodeNumber Root => default;

    /// <summary>Whether it stands for the root.</summary>
    public bool IsRoot => Value == 0;
}
