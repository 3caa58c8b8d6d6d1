using Replica.Crdt.Causality;
using Replica.Crdt.Tree;

namespace Replica.Tests.Properties.Laws;

/// <summary>A forest in memory. Moves that came in since it was last looked at are folded as one batch.</summary>
internal sealed class TreeState : IMoveStore
{
    private readonly Dictionary<NodeNumber, List<PastMove>> _moves = [];
    private readonly Dictionary<NodeNumber, PastMove> _placed = [];
    private readonly HashSet<Stamp> _known = [];
    private readonly List<TreeMove> _news = [];
    private Stamp _folded;

    public void Take(TreeMove move)
    {
        if (_known.Add(move.Stamp))
        {
            _news.Add(move);
        }
    }

    /// <summary>Where each node is, and which moves are skipped.</summary>
    public string Show(ICausalView view)
    {
        if (_news.Count > 0)
        {
            MoveFold.Add(_news, _folded, this, view);
            _folded = _news.Select(move => move.Stamp).Append(_folded).Order(Comparer<Stamp>.Create((a, b) => Compare(a, b, view))).Last();
            _news.Clear();
        }

        var places = _placed.OrderBy(pair => pair.Key.Value).Select(pair => $"{pair.Key.Value} under {pair.Value.Parent.Value}");
        var skipped = _moves.Values.SelectMany(moves => moves).Where(move => move.IsSkipped)
            .Select(move => $"r{move.Stamp.Branch.Value}:{move.Stamp.Seq} skipped").Order(StringComparer.Ordinal);
        return string.Join(", ", places.Concat(skipped));
    }

    public NodeNumber? ParentOf(NodeNumber node) => _placed.TryGetValue(node, out var place) ? place.Parent : null;

    public bool HasChildren(NodeNumber node) => _placed.Values.Any(place => place.Parent == node);

    public IReadOnlyList<PastMove> ReadMoves(NodeNumber node, HybridTimestamp since) => [.. _moves.GetValueOrDefault(node, [])];

    public void AddMove(in TreeMove move, bool isSkipped)
    {
        var moves = _moves.GetValueOrDefault(move.Node, []);
        moves.Add(new(move.Parent, move.Stamp, isSkipped));
        _moves[move.Node] = moves;
    }

    public void SetSkipped(NodeNumber node, Stamp stamp, bool isSkipped)
    {
        var place = _moves[node].FindIndex(move => move.Stamp == stamp);
        _moves[node][place] = _moves[node][place] with { IsSkipped = isSkipped };
    }

    public void Place(NodeNumber node, Stamp? move)
    {
        if (move is { } stamp)
        {
            _placed[node] = _moves[node].Find(past => past.Stamp == stamp);
        }
        else
        {
            _ = _placed.Remove(node);
        }
    }

    private static int Compare(Stamp a, Stamp b, ICausalView view) => a == default || b == default
        ? (a == default ? 0 : 1) - (b == default ? 0 : 1)
        : StampOrder.Compare(a, b, view);
}
