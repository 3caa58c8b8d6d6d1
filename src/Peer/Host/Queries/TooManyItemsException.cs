namespace Replica.Peer.Host.Queries;

/// <summary>The result of a live query is too large to be kept track of.</summary>
internal sealed class TooManyItemsException(int itemsMax)
    : Exception($"A live query keeps track of at most {itemsMax} items, and more fit it: ask for less, by type or prefix, "
        + "or list them once and follow the feed of changes.")
{
    /// <summary>The stable code.</summary>
    public const string Code = "REPLICA_TOO_MANY_ITEMS";
}
