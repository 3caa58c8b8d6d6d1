using Replica.Crdt.Causality;
using Replica.Crdt.Tree;
using Replica.Peer.Store.Tree;

namespace Replica.Peer.Store.Sqlite;

/// <summary>Moves and placements in SQLite, on the writer's connection.</summary>
internal sealed class SqliteTree(SqliteWriter writer, Func<string, NodeNumber> numberOf) : ITreeEngine
{
    /// <summary>How many waypoints are remembered; those opened first are forgotten first.</summary>
    private const int WaypointsMax = 16_384;

    public NodeNumber NumberOf(string id) => numberOf(id);

    public NodeNumber? ParentOf(NodeNumber node)
    {
        var find = writer.Statement("parent_of").Reset().Bind(1, node.Value);
        if (!find.Step())
        {
            return null;
        }

        var parent = new NodeNumber(find.Integer(0));
        _ = find.Reset();
        return parent;
    }

    public Placement? PlacementOf(NodeNumber node)
    {
        var find = writer.Statement("parent_of").Reset().Bind(1, node.Value);
        if (!find.Step())
        {
            return null;
        }

        var placement = new Placement(new(find.Integer(0)), TreePosition.FromBytes(find.Span(1)));
        _ = find.Reset();
        return placement;
    }

    public bool HasChildren(NodeNumber node)
    {
        var find = writer.Statement("has_children").Reset().Bind(1, node.Value);
        var has = find.Step();
        _ = find.Reset();
        return has;
    }

    public IReadOnlyList<PastMove> ReadMoves(NodeNumber node, HybridTimestamp since)
    {
        var moves = new List<PastMove>();
        var read = writer.Statement("read_moves").Reset().Bind(1, node.Value).Bind(2, SqliteStamps.ToColumn(since));
        while (read.Step())
        {
            moves.Add(new(new(read.Integer(0)), read.Stamp(1), read.Integer(5) != 0));
        }

        return moves;
    }

    public void AddMove(in TreeMove move, bool isSkipped) => writer.Statement("add_move").Reset()
        .Bind(1, move.Node.Value)
        .Bind(2, move.Stamp)
        .Bind(6, move.Parent.Value)
        .Bind(7, move.Position.Bytes)
        .Bind(8, isSkipped ? 1 : 0)
        .Run();

    public void SetSkipped(NodeNumber node, Stamp stamp, bool isSkipped) =>
        writer.Statement("set_skipped").Reset().Bind(1, node.Value).Bind(2, stamp).Bind(6, isSkipped ? 1 : 0).Run();

    public void Place(NodeNumber node, Stamp? move)
    {
        if (move is { } stamp)
        {
            writer.Statement("place").Reset().Bind(1, node.Value).Bind(2, stamp).Run();
        }
        else
        {
            writer.Statement("place_nowhere").Reset().Bind(1, node.Value).Run();
        }
    }

    public TreePosition NextPosition(NodeNumber parent, TreePosition behind, NodeNumber except) => ReadPosition(
        writer.Statement("next_position").Reset().Bind(1, parent.Value).Bind(2, behind.Bytes).Bind(3, except.Value));

    public TreePosition LastPosition(NodeNumber parent, NodeNumber except) =>
        ReadPosition(writer.Statement("last_position").Reset().Bind(1, parent.Value).Bind(2, except.Value));

    public List<SiblingRow> ReadPlaced(NodeNumber parent) =>
        ReadSiblings(writer.Statement("read_placed").Reset().Bind(1, parent.Value));

    /// <summary>All siblings that a statement gives: id, position, stamp.</summary>
    public static List<SiblingRow> ReadSiblings(SqliteStatement rows)
    {
        var siblings = new List<SiblingRow>();
        while (rows.Step())
        {
            siblings.Add(new(rows.Text(0), TreePosition.FromBytes(rows.Span(1)), rows.Stamp(2)));
        }

        return siblings;
    }

    public WaypointRange? Find(ReadOnlySpan<byte> waypoint)
    {
        var find = writer.Statement("find_waypoint").Reset().Bind(1, waypoint);
        if (!find.Step())
        {
            return null;
        }

        var range = new WaypointRange(find.Integer(0), find.Integer(1));
        _ = find.Reset();
        return range;
    }

    public void Keep(ReadOnlySpan<byte> waypoint, WaypointRange range)
    {
        writer.Statement("save_waypoint").Reset().Bind(1, waypoint).Bind(2, range.Least).Bind(3, range.Greatest).Run();
        if (range.Least == range.Greatest)
        {
            // One number given out: it was opened just now.
            writer.Statement("trim_waypoints").Reset().Bind(1, WaypointsMax).Run();
        }
    }

    public void ClearWaypoints() => writer.Statement("clear_waypoints").Reset().Run();

    private static TreePosition ReadPosition(SqliteStatement rows)
    {
        if (!rows.Step())
        {
            return default;
        }

        var position = TreePosition.FromBytes(rows.Span(0));
        _ = rows.Reset();
        return position;
    }
}
