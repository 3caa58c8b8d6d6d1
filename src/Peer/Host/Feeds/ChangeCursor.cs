using System.Buffers.Binary;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Store;

namespace Replica.Peer.Host.Feeds;

/// <summary>
/// Walks through the log in order of application, as far as it is on disk. It holds one page and no snapshot in between, so a
/// slow reader costs neither memory nor room on the disk; a commit only rings its bell.
/// </summary>
internal sealed class ChangeCursor : IDisposable
{
    /// <summary>How many changes a page holds.</summary>
    internal const int PageChangesMax = 256;

    /// <summary>How many bytes of changes, beyond its first, a page holds.</summary>
    internal const int PageBytesMax = 1024 * 1024;

    private readonly SpaceStore _store;
    private readonly AuthorKey _device;
    private readonly OrderName _order;
    private readonly StoreBell _bell;
    private IReadOnlyList<LogRow> _logs = [];
    private long _arrival;

    private ChangeCursor(SpaceStore store, AuthorKey device, OrderName order, long arrival)
    {
        _store = store;
        _device = device;
        _order = order;
        _arrival = arrival;
        _bell = new(store);
    }

    /// <summary>Stands at a position.</summary>
    /// <exception cref="UnknownPositionException">It is not of this order.</exception>
    public static async Task<ChangeCursor> OpenAsync(
        SpaceStore store, AuthorKey device, ChangePosition after, CancellationToken cancellationToken)
    {
        var order = await store.NameOrderAsync(cancellationToken);
        return Stands(store, order, after)
            ? new(store, device, order, after.Arrival)
            : throw new UnknownPositionException(after);
    }

    /// <summary>The position behind the last change that is on disk.</summary>
    public static async Task<ChangePosition> FindEndAsync(SpaceStore store, CancellationToken cancellationToken)
    {
        var order = await store.NameOrderAsync(cancellationToken);
        var through = store.DurableArrival;
        using var reader = store.OpenReader();
        return through > 0 && StoredAt(reader, through) is { } last ? PositionOf(last, order) : default;
    }

    /// <summary>The next changes; none when it has come to the end, or the store is closed.</summary>
    public IReadOnlyList<SpaceChange> ReadPage()
    {
        // First how far, then the snapshot: all that is on disk before it is opened is in it.
        var through = _store.DurableArrival;
        var page = through > _arrival ? SnapshotRetry.Read(_store, reader => ReadPage(reader, through)) ?? [] : [];
        if (page.Count > 0)
        {
            _arrival = page[^1].Position.Arrival;
        }

        return page;
    }

    /// <summary>Waits for more.</summary>
    /// <returns>False when the store is closed.</returns>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _bell.WaitAsync(cancellationToken);

    public void Dispose() => _bell.Dispose();

    private List<SpaceChange> ReadPage(IStoreReader reader, long through)
    {
        var page = new List<SpaceChange>();
        var bytes = 0;
        foreach (var stored in reader.ReadLog(_arrival, isNewestFirst: false))
        {
            bytes += stored.Body.Length;
            if (stored.Arrival > through || page.Count == PageChangesMax || (page.Count > 0 && bytes > PageBytesMax))
            {
                break;
            }

            if (stored.Branch.Value >= _logs.Count)
            {
                // Rows are only added, and what is used of them never changes.
                _logs = reader.ReadLogs();
            }

            var log = _logs[stored.Branch.Value];
            page.Add(new(
                PositionOf(stored, _order),
                ChangeCodec.Decode(stored.Body),
                log.Author,
                log.Name,
                log.Author == _device ? ChangeOrigin.Local : ChangeOrigin.Remote));
        }

        return page;
    }

    private static bool Stands(SpaceStore store, OrderName order, ChangePosition position)
    {
        if (position == ChangePosition.Start)
        {
            return true;
        }

        if (position.Order != order.Value)
        {
            return false;
        }

        // The same order, and yet something else there, or nothing: a disk was set back unnoticed.
        using var reader = store.OpenReader();
        return StoredAt(reader, position.Arrival) is { } stored && PositionOf(stored, order) == position;
    }

    private static StoredChange? StoredAt(IStoreReader reader, long arrival)
    {
        foreach (var stored in reader.ReadLog(arrival - 1, isNewestFirst: false))
        {
            return stored.Arrival == arrival ? stored : null;
        }

        return null;
    }

    private static ChangePosition PositionOf(in StoredChange stored, OrderName order) => new(
        stored.Arrival, order.Value, BinaryPrimitives.ReadUInt64BigEndian(Change.Hash(stored.Body.Span).ToArray()));
}
