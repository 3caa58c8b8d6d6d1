using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Tree;
using Replica.Peer.Store.Tree;

namespace Replica.Peer.Store.Memory;

/// <summary>The tree of a snapshot in memory.</summary>
internal sealed class MemoryTreeReader(MemoryState state, ICausalView order) : ITreeReader
{
    private readonly MemoryForest _forest = state.Tree;

    public ICausalView Order => order;

    /// <summary>All that are placed under a parent, alive or not.</summary>
    public static List<SiblingRow> ReadPlaced(MemoryForest forest, NodeNumber parent) =>
        !forest.Children.TryGetValue(parent, out var children) ? [] : [.. children.Select(child =>
        {
            var move = forest.Placed[new(child.Node)];
            return new SiblingRow(forest.IdOf(move.Node)!, move.Position, move.Stamp);
        })];

    public NodePlace? FindPlace(string id) =>
        _forest.Numbers.TryGetValue(id, out var node) && _forest.Placed.TryGetValue(node, out var move)
            ? new(_forest.IdOf(move.Parent), IsAlive(id))
            : null;

    public List<SiblingRow> ReadAlive(string? parent)
    {
        var number = NodeNumber.Root;
        return parent is null || _forest.Numbers.TryGetValue(parent, out number)
            ? ReadPlaced(_forest, number).FindAll(child => IsAlive(child.Id))
            : [];
    }

    public IEnumerable<KeyValuePair<string, string>> ReadCutOff() => _forest.Placed
        .Where(pair => !pair.Value.Parent.IsRoot)
        .Select(pair => KeyValuePair.Create(_forest.IdOf(pair.Key)!, _forest.IdOf(pair.Value.Parent)!))
        .Where(pair => IsAlive(pair.Key) && FindPlace(pair.Value) is not { IsAlive: true })
        .OrderBy(static pair => pair.Key, Utf8Order.Instance);

    public IEnumerable<SkippedRow> ReadSkipped(string? id)
    {
        foreach (var (node, moves) in _forest.Moves)
        {
            if (id is not null && _forest.IdOf(node) != id)
            {
                continue;
            }

            (string?, Stamp)? holding = _forest.Placed.TryGetValue(node, out var placed) ? (_forest.IdOf(placed.Parent), placed.Stamp) : null;
            foreach (var (move, isSkipped) in moves)
            {
                if (isSkipped && (holding is null || StampOrder.Compare(move.Stamp, placed.Stamp, order) > 0))
                {
                    yield return new(_forest.IdOf(node)!, _forest.IdOf(move.Parent)!, move.Stamp, holding);
                }
            }
        }
    }

    private bool IsAlive(string id) => state.Elements.TryGetValue(new Target.Node(id), out var row) && row.IsAlive;
}
