namespace Replica.Peer.Store.Tree;

/// <summary>What became of a local move.</summary>
public enum MoveOutcome
{
    /// <summary>The node is where it was to go.</summary>
    Moved,

    /// <summary>The parent is the node itself or below it; nothing was written.</summary>
    WouldBeUnderItself,

    /// <summary>The sibling to follow is no child of the parent, or is the node itself; nothing was written.</summary>
    NoSuchSibling,
}
