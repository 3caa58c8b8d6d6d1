namespace Replica.Peer.Store.Tree;

/// <summary>Where among the children of its parent a node comes. The set of kinds is closed.</summary>
public abstract record MovePlace
{
    private MovePlace()
    {
    }

    /// <summary>Before all others.</summary>
    public sealed record First : MovePlace;

    /// <summary>Behind all others.</summary>
    public sealed record Last : MovePlace;

    /// <summary>Right behind a sibling.</summary>
    /// <param name="Sibling">A child of the same parent.</param>
    public sealed record After(string Sibling) : MovePlace;
}
