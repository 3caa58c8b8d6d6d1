namespace Replica.Crdt.Tree;

/// <summary>The numbers that this device gave out at a waypoint; none of them is ever given out again.</summary>
/// <param name="Least">The least; odd.</param>
/// <param name="Greatest">The greatest; odd.</param>
public readonly record struct WaypointRange(long Least, long Greatest);
