using System.Collections.Immutable;
using Replica.Crdt.Causality;
using Replica.Crdt.Tree;
using Replica.Peer.Store.Tree;

namespace Replica.Peer.Store.Memory;

/// <summary>Moves and placements in memory, as the writer sees them.</summary>
internal sealed class MemoryTree(Func<MemoryForest> get, Action<MemoryForest> set) : ITreeEngine
{
    /// <summary>How many waypoints are remembered; at the limit all are forgotten.</summary>
    private const int WaypointsMax = 16_384;

    private static readonly ImmutableSortedSet<(TreePosition Position, long Node)> s_nobody = [];

    public NodeNumber NumberOf(string id)
    {
        var forest = get();
        if (!forest.Numbers.TryGetValue(id, out var number))
        {
            number = new(forest.Ids.Count + 1);
            set(forest with { Ids = forest.Ids.Add(id), Numbers = forest.Numbers.Add(id, number) });
        }

        return number;
    }

    public NodeNumber? ParentOf(NodeNumber node) => get().Placed.TryGetValue(node, out var move) ? move.Parent : null;

    public Placement? PlacementOf(NodeNumber node) =>
        get().Placed.TryGetValue(node, out var move) ? new(move.Parent, move.Position) : null;

    public bool HasChildren(NodeNumber node) => get().Children.ContainsKey(node);

    public IReadOnlyList<PastMove> ReadMoves(NodeNumber node, HybridTimestamp since) =>
        get().Moves.TryGetValue(node, out var moves)
            ? [.. moves.Select(static past => new PastMove(past.Move.Parent, past.Move.Stamp, past.IsSkipped))]
            : [];

    public void AddMove(in TreeMove move, bool isSkipped)
    {
        var forest = get();
        var moves = forest.Moves.GetValueOrDefault(move.Node, []);
        set(forest with { Moves = forest.Moves.SetItem(move.Node, moves.Add((move, isSkipped))) });
    }

    public void SetSkipped(NodeNumber node, Stamp stamp, bool isSkipped)
    {
        var forest = get();
        var moves = forest.Moves[node];
        var at = moves.FindIndex(past => past.Move.Stamp == stamp);
        set(forest with { Moves = forest.Moves.SetItem(node, moves.SetItem(at, (moves[at].Move, isSkipped))) });
    }

    public void Place(NodeNumber node, Stamp? move)
    {
        var forest = get();
        if (forest.Placed.TryGetValue(node, out var old))
        {
            var left = forest.Children[old.Parent].Remove((old.Position, node.Value));
            forest = forest with
            {
                Placed = forest.Placed.Remove(node),
                Children = left.IsEmpty ? forest.Children.Remove(old.Parent) : forest.Children.SetItem(old.Parent, left),
            };
        }

        if (move is { } stamp)
        {
            var placed = forest.Moves[node].FindLast(past => past.Move.Stamp == stamp).Move;
            var siblings = forest.Children.GetValueOrDefault(placed.Parent, s_nobody);
            forest = forest with
            {
                Placed = forest.Placed.Add(node, placed),
                Children = forest.Children.SetItem(placed.Parent, siblings.Add((placed.Position, node.Value))),
            };
        }

        set(forest);
    }

    public TreePosition NextPosition(NodeNumber parent, TreePosition behind, NodeNumber except)
    {
        var siblings = get().Children.GetValueOrDefault(parent, s_nobody);
        var at = siblings.IndexOf((behind, long.MaxValue));
        for (at = at < 0 ? ~at : at; at < siblings.Count; at++)
        {
            if (siblings[at].Node != except.Value)
            {
                return siblings[at].Position;
            }
        }

        return default;
    }

    public TreePosition LastPosition(NodeNumber parent, NodeNumber except)
    {
        var siblings = get().Children.GetValueOrDefault(parent, s_nobody);
        var at = siblings.Count - 1;
        at -= at >= 0 && siblings[at].Node == except.Value ? 1 : 0;
        return at >= 0 ? siblings[at].Position : default;
    }

    public List<SiblingRow> ReadPlaced(NodeNumber parent) => MemoryTreeReader.ReadPlaced(get(), parent);

    public WaypointRange? Find(ReadOnlySpan<byte> waypoint) =>
        get().Waypoints.TryGetValue(Convert.ToHexString(waypoint), out var range) ? range : null;

    public void Keep(ReadOnlySpan<byte> waypoint, WaypointRange range)
    {
        var forest = get();
        var kept = forest.Waypoints.Count < WaypointsMax ? forest.Waypoints : forest.Waypoints.Clear();
        set(forest with { Waypoints = kept.SetItem(Convert.ToHexString(waypoint), range) });
    }

    public void ClearWaypoints()
    {
        var forest = get();
        set(forest with { Waypoints = forest.Waypoints.Clear() });
    }
}
