using Replica.Crdt.Causality;
using Replica.Crdt.Tree;

namespace Replica.Tests.Properties.Crdt.Tree;

/// <summary>A store that counts what is asked of it.</summary>
internal sealed class CountingMoveStore(IMoveStore inner) : IMoveStore
{
    public int Reads { get; set; }

    public int MovesRead { get; set; }

    public int Writes { get; set; }

    public NodeNumber? ParentOf(NodeNumber node)
    {
        Reads++;
        return inner.ParentOf(node);
    }

    public bool HasChildren(NodeNumber node)
    {
        Reads++;
        return inner.HasChildren(node);
    }

    public IReadOnlyList<PastMove> ReadMoves(NodeNumber node, HybridTimestamp since)
    {
        var moves = inner.ReadMoves(node, since);
        Reads++;
        MovesRead += moves.Count;
        return moves;
    }

    public void AddMove(in TreeMove move, bool isSkipped)
    {
        Writes++;
        inner.AddMove(move, isSkipped);
    }

    public void SetSkipped(NodeNumber node, Stamp stamp, bool isSkipped)
    {
        Writes++;
        inner.SetSkipped(node, stamp, isSkipped);
    }

    public void Place(NodeNumber node, Stamp? move)
    {
        Writes++;
        inner.Place(node, move);
    }
}
