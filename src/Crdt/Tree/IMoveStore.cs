using Replica.Crdt.Causality;

namespace Replica.Crdt.Tree;

/// <summary>Where moves and placements rest. A placement is the last move of a node in stamp order that was not skipped.</summary>
public interface IMoveStore
{
    /// <summary>The parent of a node, or nothing if it is not placed.</summary>
    NodeNumber? ParentOf(NodeNumber node);

    /// <summary>Whether any node is placed under this one.</summary>
    bool HasChildren(NodeNumber node);

    /// <summary>
    /// The moves of a node at or after a time, and with them the last one before it that was not skipped; older ones may
    /// come too. In any order.
    /// </summary>
    IReadOnlyList<PastMove> ReadMoves(NodeNumber node, HybridTimestamp since);

    /// <summary>Keeps a new move.</summary>
    void AddMove(in TreeMove move, bool isSkipped);

    /// <summary>Changes whether a kept move is skipped.</summary>
    void SetSkipped(NodeNumber node, Stamp stamp, bool isSkipped);

    /// <summary>Places a node as a kept move says, or nowhere.</summary>
    void Place(NodeNumber node, Stamp? move);
}
