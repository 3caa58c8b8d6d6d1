using System.Runtime.InteropServices;
using Replica.Crdt.Causality;

namespace Replica.Crdt.Tree;

/// <summary>Folds moves that are not later than all others.</summary>
internal sealed class LateMoves(TreeMove[] late, IMoveStore store, ICausalView view)
{
    private readonly HashSet<NodeNumber> _concerned = [];
    private readonly List<Step> _steps = [];
    private readonly Dictionary<NodeNumber, Stamp> _before = [];
    private readonly Dictionary<NodeNumber, Step> _placed = [];
    private readonly Dictionary<NodeNumber, int> _children = [];

    /// <summary>Judges the late moves and what they may have changed, in stamp order.</summary>
    public void Fold()
    {
        Collect();
        _steps.Sort((a, b) => StampOrder.Compare(a.Stamp, b.Stamp, view));
        foreach (var step in _steps)
        {
            var isSkipped = IsAtOrAbove(step.Node, step.Parent);
            if (step.LateIndex is { } index)
            {
                store.AddMove(late[index], isSkipped);
            }
            else if (isSkipped != step.IsSkipped)
            {
                store.SetSkipped(step.Node, step.Stamp, isSkipped);
            }

            if (!isSkipped)
            {
                Place(step);
            }
        }

        Save();
    }

    /// <summary>Reads the moves since of every node that was above a late one's node since.</summary>
    private void Collect()
    {
        var open = new Queue<NodeNumber>();
        foreach (var (index, move) in late.Index())
        {
            _steps.Add(new(move.Node, move.Parent, move.Stamp, false, index));
            Enqueue(open, move.Node);
            Enqueue(open, move.Parent);
        }

        while (open.TryDequeue(out var node))
        {
            PastMove? at = null;
            PastMove? last = null;
            foreach (var move in store.ReadMoves(node, late[0].Stamp.Time))
            {
                if (!move.IsSkipped && (last is null || StampOrder.Compare(move.Stamp, last.Value.Stamp, view) > 0))
                {
                    last = move;
                }

                if (StampOrder.Compare(move.Stamp, late[0].Stamp, view) > 0)
                {
                    _steps.Add(new(node, move.Parent, move.Stamp, move.IsSkipped, null));
                    Enqueue(open, move.Parent);
                }
                else if (!move.IsSkipped && (at is null || StampOrder.Compare(move.Stamp, at.Value.Stamp, view) > 0))
                {
                    at = move;
                }
            }

            if (last is not null)
            {
                _before.Add(node, last.Value.Stamp);
            }

            if (at is { } placement)
            {
                Place(new(node, placement.Parent, placement.Stamp, false, null));
                Enqueue(open, placement.Parent);
            }
        }
    }

    private void Save()
    {
        foreach (var node in _concerned)
        {
            Stamp? now = _placed.TryGetValue(node, out var step) ? step.Stamp : null;
            Stamp? before = _before.TryGetValue(node, out var stamp) ? stamp : null;
            if (now != before)
            {
                store.Place(node, now);
            }
        }
    }

    private void Enqueue(Queue<NodeNumber> open, NodeNumber node)
    {
        if (!node.IsRoot && _concerned.Add(node))
        {
            open.Enqueue(node);
        }
    }

    private bool IsAtOrAbove(NodeNumber node, NodeNumber other)
    {
        // Most nodes have no child, and what has none is above nothing.
        if (node == other || !_children.ContainsKey(node))
        {
            return node == other;
        }

        for (var at = other; _placed.TryGetValue(at, out var step); at = step.Parent)
        {
            if (step.Parent == node)
            {
                return true;
            }
        }

        return false;
    }

    private void Place(Step step)
    {
        if (_placed.TryGetValue(step.Node, out var old) && --CollectionsMarshal.GetValueRefOrAddDefault(_children, old.Parent, out _) == 0)
        {
            _ = _children.Remove(old.Parent);
        }

        _placed[step.Node] = step;
        _children[step.Parent] = _children.GetValueOrDefault(step.Parent) + 1;
    }

    private readonly record struct Step(NodeNumber Node, NodeNumber Parent, Stamp Stamp, bool IsSkipped, int? LateIndex);
}
