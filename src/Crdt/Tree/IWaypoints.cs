namespace Replica.Crdt.Tree;

/// <summary>The waypoints that the log being written opened, as far as they are remembered. Forgetting one costs bytes only.</summary>
public interface IWaypoints
{
    /// <summary>What was given out at a waypoint, or nothing if it is another log's or forgotten.</summary>
    /// <param name="waypoint">A position's bytes up to and with one of its tags.</param>
    WaypointRange? Find(ReadOnlySpan<byte> waypoint);

    /// <summary>Remembers what was given out.</summary>
    void Keep(ReadOnlySpan<byte> waypoint, WaypointRange range);
}
