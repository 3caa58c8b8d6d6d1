namespace Replica.Crdt.Tree;

/// <summary>One segment of a position by its place in the bytes.</summary>
/// <param name="WaypointLength">Where its tag ends: the bytes up to here are the waypoint.</param>
/// <param name="Number">Its number.</param>
/// <param name="Length">Where its number ends.</param>
internal readonly record struct PositionSegment(int WaypointLength, long Number, int Length);
