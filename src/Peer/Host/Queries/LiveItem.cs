namespace Replica.Peer.Host.Queries;

/// <summary>An item of a result, with what tells it from what it was before.</summary>
/// <param name="Key">What names it.</param>
/// <param name="Print">See <see cref="LivePrint"/>.</param>
/// <param name="Item">What shows of it.</param>
internal sealed record LiveItem<TKey, TItem>(TKey Key, UInt128 Print, TItem Item)
    where TKey : class
    where TItem : class;
