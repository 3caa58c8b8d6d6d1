using Replica.Crdt.Changes;
using Replica.Crdt.Tree;

namespace Replica.Testing.Model;

/// <summary>The forest as the plain fold of all moves in stamp order.</summary>
internal sealed class ModelTree
{
    private readonly Dictionary<string, (string? Parent, TreePosition Position, ModelOperation Move)> _placed = [];
    private readonly List<(string Node, string Parent, ModelOperation Move)> _skipped = [];

    /// <summary>Folds all moves; a move that would make a node its own ancestor is skipped.</summary>
    public ModelTree(IEnumerable<(string Node, ModelOperation Operation)> moves)
    {
        var sorted = moves.ToList();
        sorted.Sort(static (a, b) => a.Operation.CompareStamp(b.Operation));
        foreach (var (node, operation) in sorted)
        {
            var move = (Operation.Move)operation.Operation;
            if (AncestorsOf(move.Parent).Contains(node))
            {
                _skipped.Add((node, move.Parent!, operation));
            }
            else
            {
                _placed[node] = (move.Parent, move.Position, operation);
            }
        }
    }

    /// <summary>What shows, the orphans, and the skipped moves that no later one replaced: one line each.</summary>
    public IEnumerable<string> ToLines(Func<string, bool> isAlive)
    {
        foreach (var siblings in _placed.Where(pair => IsVisible(pair.Key, isAlive)).GroupBy(static pair => pair.Value.Parent))
        {
            var order = siblings.ToList();
            order.Sort(static (a, b) =>
            {
                var byPosition = a.Value.Position.Bytes.SequenceCompareTo(b.Value.Position.Bytes);
                return byPosition != 0 ? byPosition : a.Value.Move.CompareStamp(b.Value.Move);
            });
            foreach (var (index, (node, _)) in order.Index())
            {
                yield return StateLines.Placed(node, siblings.Key, index);
            }
        }

        foreach (var (node, (parent, _, _)) in _placed.Where(pair => isAlive(pair.Key) && !IsVisible(pair.Key, isAlive)))
        {
            yield return StateLines.Orphan(node, parent!);
        }

        foreach (var (node, parent, move) in _skipped)
        {
            if (!_placed.TryGetValue(node, out var placed) || placed.Move.CompareStamp(move) < 0)
            {
                yield return StateLines.Skipped(node, parent, move.Dot, move.Index);
            }
        }
    }

    private bool IsVisible(string node, Func<string, bool> isAlive) =>
        _placed.TryGetValue(node, out var at) && isAlive(node) && (at.Parent is null || IsVisible(at.Parent, isAlive));

    /// <summary>A node and all above it.</summary>
    private IEnumerable<string> AncestorsOf(string? node)
    {
        for (var at = node; at is not null; at = _placed.TryGetValue(at, out var placed) ? placed.Parent : null)
        {
            yield return at;
        }
    }
}
