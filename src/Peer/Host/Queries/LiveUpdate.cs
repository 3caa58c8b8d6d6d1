namespace Replica.Peer.Host.Queries;

/// <summary>One step of a live query: from one consistent result to a later one. No transaction shows by half.</summary>
/// <param name="IsFirst">Whether it is the first: then all items come as added, and there may be none.</param>
/// <param name="Differences">The items that differ, each once.</param>
/// <param name="Order">The keys of the whole result in order, where it has one of its own, as children have; else nothing.</param>
public sealed record LiveUpdate<TKey, TItem>(bool IsFirst, IReadOnlyList<LiveDifference<TKey, TItem>> Differences, IReadOnlyList<TKey>? Order)
    where TKey : class
    where TItem : class;
