using Replica.Peer.Host.Feeds;
using Replica.Peer.Store;

namespace Replica.Peer.Host.Queries;

/// <summary>
/// Follows the result of a query: looks at one snapshot after the other, each time the store has news, and tells in what they
/// differ. Each result is of one snapshot, so nothing is missed or told twice between the first and those after it.
/// </summary>
/// <param name="store">The space.</param>
/// <param name="run">The whole result.</param>
internal sealed class LiveQuery<TKey, TItem>(SpaceStore store, Func<IStoreReader, IEnumerable<LiveItem<TKey, TItem>>> run)
    where TKey : class
    where TItem : class
{
    /// <summary>The most items of a result: a key and 16 bytes of each are kept.</summary>
    public const int ItemsMax = 100_000;

    private Dictionary<TKey, UInt128>? _shown;
    private List<TKey> _order = [];
    private LogMark _mark;

    /// <summary>Whether the result has an order of its own.</summary>
    public bool IsOrdered { get; init; }

    /// <summary>What became of some nodes, where a result depends on each node alone; then only touched ones are looked at.</summary>
    public Func<IStoreReader, IEnumerable<string>, IEnumerable<(TKey Key, LiveItem<TKey, TItem>? Item)>>? Find { get; init; }

    /// <summary>The first result, then what differs, whenever something does. Ends when the store is closed.</summary>
    public async IAsyncEnumerable<LiveUpdate<TKey, TItem>> FollowAsync(
        Func<Func<LiveUpdate<TKey, TItem>?>, LiveUpdate<TKey, TItem>?> guard,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var bell = new StoreBell(store);
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (guard(Look) is { } update)
            {
                yield return update;
            }
        }
        while (await bell.WaitAsync(cancellationToken));
    }

    private LiveUpdate<TKey, TItem>? Look()
    {
        if (SnapshotRetry.Read(store, Compare) is not { } next)
        {
            return null;
        }

        // Only what was read to the end counts.
        var isFirst = _shown is null;
        var isMoved = IsOrdered && !next.Order.SequenceEqual(_order);
        (_shown, _order, _mark) = (next.Shown, next.Order, next.Mark);
        return isFirst || isMoved || next.Differences.Count > 0
            ? new(isFirst, next.Differences, IsOrdered ? next.Order : null)
            : null;
    }

    private LiveResult Compare(IStoreReader reader)
    {
        var mark = LogMark.Of(reader);
        return _shown is { } shown && Find is { } find && _mark.ReadTouched(reader) is { } touched
            ? CompareTouched([.. find(reader, touched)], shown, mark)
            : CompareAll(reader, mark);
    }

    private LiveResult CompareAll(IStoreReader reader, LogMark mark)
    {
        var shown = new Dictionary<TKey, UInt128>();
        var order = new List<TKey>();
        var differences = new List<LiveDifference<TKey, TItem>>();
        foreach (var item in run(reader))
        {
            if (shown.Count == ItemsMax)
            {
                throw new TooManyItemsException(ItemsMax);
            }

            shown.Add(item.Key, item.Print);
            if (IsOrdered)
            {
                order.Add(item.Key);
            }

            if (Differs(_shown, item) is { } kind)
            {
                differences.Add(new(kind, item.Key, item.Item));
            }
        }

        foreach (var key in _shown?.Keys ?? Enumerable.Empty<TKey>())
        {
            if (!shown.ContainsKey(key))
            {
                differences.Add(new(LiveKind.Removed, key, null));
            }
        }

        return new(shown, order, differences, mark);
    }

    /// <summary>What was found is read to the end: from here on nothing fails but the limit, which ends the query.</summary>
    private LiveResult CompareTouched(
        List<(TKey Key, LiveItem<TKey, TItem>? Item)> found, Dictionary<TKey, UInt128> shown, LogMark mark)
    {
        var differences = new List<LiveDifference<TKey, TItem>>();
        foreach (var (key, item) in found)
        {
            if (item is null)
            {
                if (shown.Remove(key))
                {
                    differences.Add(new(LiveKind.Removed, key, null));
                }
            }
            else if (Differs(shown, item) is { } kind)
            {
                shown[key] = item.Print;
                differences.Add(new(kind, key, item.Item));
            }
        }

        return shown.Count <= ItemsMax ? new(shown, _order, differences, mark) : throw new TooManyItemsException(ItemsMax);
    }

    private static LiveKind? Differs(Dictionary<TKey, UInt128>? shown, LiveItem<TKey, TItem> item) =>
        shown is null || !shown.TryGetValue(item.Key, out var before) ? LiveKind.Added
            : before != item.Print ? LiveKind.Changed
            : null;

    private sealed record LiveResult(
        Dictionary<TKey, UInt128> Shown, List<TKey> Order, List<LiveDifference<TKey, TItem>> Differences, LogMark Mark);
}
