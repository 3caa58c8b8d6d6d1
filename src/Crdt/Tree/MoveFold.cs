using Replica.Crdt.Causality;

namespace Replica.Crdt.Tree;

/// <summary>The forest as the fold of all moves in stamp order, one that would make a node its own ancestor being skipped.</summary>
/// <remarks>
/// Source: [MoveOp]. Differs: nothing is undone. A late move can change what became of another only if that one moves a
/// node that was above the late one's node at some time since; so just the later moves of those nodes are judged again,
/// in stamp order, once for a batch. The set is closed under "parent of any move since", so no chain of parents leaves it.
/// Cost: a move later than all is one walk to the root, and none for a node without children; late ones cost the later
/// moves of the nodes ever above them. Memory: those moves, 64 bytes each.
/// </remarks>
public static class MoveFold
{
    /// <summary>Adds a batch of moves to a forest.</summary>
    /// <param name="moves">New moves in any order.</param>
    /// <param name="folded">No move in the store is later than this operation.</param>
    /// <param name="store">The forest.</param>
    /// <param name="view">Orders stamps.</param>
    public static void Add(IReadOnlyCollection<TreeMove> moves, Stamp folded, IMoveStore store, ICausalView view)
    {
        var sorted = moves.ToArray();
        Array.Sort(sorted, (a, b) => StampOrder.Compare(a.Stamp, b.Stamp, view));
        var late = sorted.Length;
        while (late > 0 && StampOrder.Compare(sorted[late - 1].Stamp, folded, view) > 0)
        {
            late--;
        }

        if (late > 0)
        {
            new LateMoves(sorted[..late], store, view).Fold();
        }

        foreach (var move in sorted.AsSpan(late))
        {
            AddLast(move, store);
        }
    }

    /// <summary>Whether a node is another one or above it.</summary>
    public static bool IsAtOrAbove(NodeNumber node, NodeNumber other, IMoveStore store)
    {
        if (node == other || other.IsRoot || !store.HasChildren(node))
        {
            return node == other;
        }

        for (var at = store.ParentOf(other); at is { IsRoot: false } parent; at = store.ParentOf(parent))
        {
            if (parent == node)
            {
                return true;
            }
        }

        return false;
    }

    private static void AddLast(in TreeMove move, IMoveStore store)
    {
        var isSkipped = IsAtOrAbove(move.Node, move.Parent, store);
        store.AddMove(move, isSkipped);
        if (!isSkipped)
        {
            store.Place(move.Node, move.Stamp);
        }
    }
}
