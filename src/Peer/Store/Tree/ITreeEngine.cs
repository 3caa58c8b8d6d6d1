using Replica.Crdt.Tree;

namespace Replica.Peer.Store.Tree;

/// <summary>The writer's side of the tree at rest.</summary>
internal interface ITreeEngine : IMoveStore, IWaypoints
{
    /// <summary>The number of a node; one is given out if it has none.</summary>
    NodeNumber NumberOf(string id);

    /// <summary>Where a node is placed, or nothing.</summary>
    Placement? PlacementOf(NodeNumber node);

    /// <summary>The least position under a parent that is greater than another, one node left out; or none.</summary>
    TreePosition NextPosition(NodeNumber parent, TreePosition behind, NodeNumber except);

    /// <summary>The greatest position under a parent, one node left out; or none.</summary>
    TreePosition LastPosition(NodeNumber parent, NodeNumber except);

    /// <summary>All that are placed under a parent, alive or not, in no order.</summary>
    List<SiblingRow> ReadPlaced(NodeNumber parent);

    /// <summary>Forgets all waypoints, at the start of a new log.</summary>
    void ClearWaypoints();
}
