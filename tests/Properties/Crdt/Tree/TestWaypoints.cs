using Replica.Crdt.Tree;

namespace Replica.Tests.Properties.Crdt.Tree;

/// <summary>Waypoints in a dictionary; at a limit the one opened first is forgotten.</summary>
internal sealed class TestWaypoints(int limit = int.MaxValue) : IWaypoints
{
    private readonly Dictionary<string, WaypointRange> _ranges = [];
    private readonly Queue<string> _order = [];

    public WaypointRange? Find(ReadOnlySpan<byte> waypoint) =>
        _ranges.TryGetValue(Convert.ToHexString(waypoint), out var range) ? range : null;

    public void Keep(ReadOnlySpan<byte> waypoint, WaypointRange range)
    {
        var key = Convert.ToHexString(waypoint);
        if (!_ranges.ContainsKey(key))
        {
            _order.Enqueue(key);
            if (_order.Count > limit)
            {
                _ = _ranges.Remove(_order.Dequeue());
            }
        }

        _ranges[key] = range;
    }
}
