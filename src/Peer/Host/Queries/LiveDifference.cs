namespace Replica.Peer.Host.Queries;

/// <summary>One item in which a live query's result differs from the one before.</summary>
/// <param name="Kind">What became of it.</param>
/// <param name="Key">What names it.</param>
/// <param name="Item">What it shows now; nothing if it was removed.</param>
public sealed record LiveDifference<TKey, TItem>(LiveKind Kind, TKey Key, TItem? Item)
    where TKey : class
    where TItem : class;
