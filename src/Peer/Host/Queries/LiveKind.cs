namespace Replica.Peer.Host.Queries;

/// <summary>What became of an item of a live query's result.</summary>
public enum LiveKind
{
    /// <summary>It came in; in the first update, it was there.</summary>
    Added,

    /// <summary>It shows something else than before.</summary>
    Changed,

    /// <summary>It went out: it does not show any more, or fits the query no more.</summary>
    Removed,
}
