using System.Collections.Immutable;
using Replica.Crdt.Tree;

namespace Replica.Peer.Store.Memory;

/// <summary>Moves and placements of a space in memory. Immutable, as the rest of its state.</summary>
internal sealed record MemoryForest
{
    public static MemoryForest Empty { get; } = new();

    /// <summary>The ids of the numbered nodes; number 1 comes first.</summary>
    public ImmutableList<string> Ids { get; init; } = [];

    public ImmutableDictionary<string, NodeNumber> Numbers { get; init; } = ImmutableDictionary<string, NodeNumber>.Empty;

    /// <summary>All moves of each node, with whether they are skipped, in order of arrival.</summary>
    public ImmutableDictionary<NodeNumber, ImmutableList<(TreeMove Move, bool IsSkipped)>> Moves { get; init; } =
        ImmutableDictionary<NodeNumber, ImmutableList<(TreeMove Move, bool IsSkipped)>>.Empty;

    public ImmutableDictionary<NodeNumber, TreeMove> Placed { get; init; } = ImmutableDictionary<NodeNumber, TreeMove>.Empty;

    /// <summary>The placed nodes by parent, by position.</summary>
    public ImmutableDictionary<NodeNumber, ImmutableSortedSet<(TreePosition Position, long Node)>> Children { get; init; } =
        ImmutableDictionary<NodeNumber, ImmutableSortedSet<(TreePosition Position, long Node)>>.Empty;

    public ImmutableDictionary<string, WaypointRange> Waypoints { get; init; } =
        ImmutableDictionary<string, WaypointRange>.Empty;

    /// <summary>The id of a numbered node; nothing for the root.</summary>
    public string? IdOf(NodeNumber node) => node.IsRoot ? null : Ids[(int)node.Value - 1];
}
