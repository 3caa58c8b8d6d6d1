using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Tree;
using Replica.Peer.Store.Tree;

namespace Replica.Peer.Store;

/// <summary>The moves of a store transaction. Those from elsewhere are folded once for all of it; local ones at once.</summary>
/// <remarks>
/// A local transaction writes through, so that it reads its own moves, behind a mark in the store to which a failure
/// returns. Moves from elsewhere wait in memory until the commit or the next local transaction.
/// </remarks>
internal sealed class TreeBatch(IStoreEngine engine, ICausalView view)
{
    /// <summary>How many accepted moves wait; at the limit they are folded.</summary>
    private const int PendingMax = 65_536;

    private readonly List<PendingMove> _accepted = [];
    private readonly List<PendingMove> _atWork = [];
    private Stamp _folded;
    private bool _isMarked;

    /// <summary>Whether the store has a mark to which the transaction at work may return.</summary>
    public bool IsMarked => _isMarked;

    /// <summary>Merges a move of the transaction at work.</summary>
    public void Add(string node, Operation.Move move, Stamp stamp)
    {
        var pending = new PendingMove(node, move, stamp);
        if (_isMarked)
        {
            Fold([pending]);
        }
        else
        {
            _atWork.Add(pending);
        }
    }

    /// <summary>Makes ready for the moves of a local transaction; again is fine.</summary>
    public void BeginLocal()
    {
        if (!_isMarked)
        {
            Settle();
            engine.Mark();
            _isMarked = true;
        }
    }

    /// <summary>Keeps what the transaction at work did.</summary>
    public void Accept()
    {
        if (_isMarked)
        {
            engine.DropMark();
            _isMarked = false;
        }

        _accepted.AddRange(_atWork);
        _atWork.Clear();
        if (_accepted.Count > PendingMax)
        {
            Settle();
        }
    }

    /// <summary>Drops what the transaction at work did.</summary>
    public void Discard()
    {
        if (_isMarked)
        {
            engine.ReturnToMark();
            _isMarked = false;
        }

        _atWork.Clear();
    }

    /// <summary>Folds all accepted moves.</summary>
    public void Settle()
    {
        if (_accepted.Count > 0)
        {
            Fold(_accepted);
            _accepted.Clear();
        }
    }

    /// <summary>Forgets everything, after the store's transaction failed or when it is opened.</summary>
    /// <param name="folded">No operation in the store is later.</param>
    public void Clear(Stamp folded)
    {
        _isMarked = false;
        _accepted.Clear();
        _atWork.Clear();
        _folded = folded;
    }

    /// <summary>Whether a move would make the node its own ancestor.</summary>
    public bool IsUnderItself(string node, string? parent) =>
        MoveFold.IsAtOrAbove(engine.Tree.NumberOf(node), NumberOf(parent), engine.Tree);

    /// <summary>The position of a node if it is placed under this parent.</summary>
    public TreePosition? PositionUnder(string node, string? parent) =>
        engine.Tree.PlacementOf(engine.Tree.NumberOf(node)) is { } place && place.Parent == NumberOf(parent) ? place.Position : null;

    /// <summary>Finds the neighbours between which a node comes.</summary>
    /// <returns>False if the sibling to follow is not there.</returns>
    public bool TryFindGap(string node, string? parent, MovePlace place, out TreePosition left, out TreePosition right)
    {
        var tree = engine.Tree;
        var moved = tree.NumberOf(node);
        var under = NumberOf(parent);
        (left, right) = (default, default);
        switch (place)
        {
            case MovePlace.First:
                right = tree.NextPosition(under, default, moved);
                return true;
            case MovePlace.Last:
                left = tree.LastPosition(under, moved);
                return true;
            case MovePlace.After after:
                if (after.Sibling == node || tree.PlacementOf(tree.NumberOf(after.Sibling)) is not { } sibling || sibling.Parent != under)
                {
                    return false;
                }

                left = sibling.Position;
                right = tree.NextPosition(under, left, moved);
                return true;
            default:
                throw new System.Diagnostics.UnreachableException($"No case for {place}.");
        }
    }

    /// <summary>A new position between two neighbours.</summary>
    /// <exception cref="PositionTooLongException">It would be too long.</exception>
    public TreePosition MakePosition(TreePosition left, TreePosition right, PositionTag tag) =>
        PositionMaker.Between(left, right, tag, engine.Tree);

    /// <summary>All that are placed under a parent, alive or not, in order.</summary>
    public List<SiblingRow> ReadPlaced(string? parent)
    {
        var placed = engine.Tree.ReadPlaced(NumberOf(parent));
        SiblingRow.Sort(placed, view);
        return placed;
    }

    private void Fold(List<PendingMove> moves)
    {
        var tree = engine.Tree;
        var numbered = moves.ConvertAll(pending => new TreeMove(
            tree.NumberOf(pending.Node), NumberOf(pending.Move.Parent), pending.Move.Position, pending.Stamp));
        MoveFold.Add(numbered, _folded, tree, view);
        foreach (var move in numbered)
        {
            _folded = StampOrder.Compare(move.Stamp, _folded, view) > 0 ? move.Stamp : _folded;
        }
    }

    private NodeNumber NumberOf(string? id) => id is null ? NodeNumber.Root : engine.Tree.NumberOf(id);
}
