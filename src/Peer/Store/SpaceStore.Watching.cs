namespace Replica.Peer.Store;

/// <content>Who waits for news, and what arrival numbers mean.</content>
internal sealed partial class SpaceStore
{
    private readonly Lock _gate = new();
    private readonly List<Action> _watchers = [];
    private volatile bool _areWatchesOver;

    /// <summary>Whether no more news comes.</summary>
    public bool AreWatchesOver => _areWatchesOver;

    /// <summary>Calls back whenever durable positions grew, on the writer, and once when watches end; the callback must only signal.</summary>
    /// <returns>Ends the watch.</returns>
    public IDisposable Watch(Action grown)
    {
        lock (_gate)
        {
            _watchers.Add(grown);
        }

        return new Watcher(this, grown);
    }

    /// <summary>The name of the order of application here, drawn when first asked for.</summary>
    public async Task<OrderName> NameOrderAsync(CancellationToken cancellationToken)
    {
        var name = await RunAsync(ledger => ledger.Order.Take(_options.DrawNonce), cancellationToken, isOnDisk: true);
        await RunAsync(ledger => ledger.Order.IsVoid &= ledger.Order.Name != name, cancellationToken);
        return name;
    }

    /// <summary>Tells all who watch, once more and for the last time.</summary>
    public void EndWatches()
    {
        _areWatchesOver = true;
        CallWatchers();
    }

    private void CallWatchers()
    {
        Action[] watchers;
        lock (_gate)
        {
            watchers = [.. _watchers];
        }

        foreach (var watcher in watchers)
        {
            watcher();
        }
    }

    private sealed class Watcher(SpaceStore store, Action grown) : IDisposable
    {
        public void Dispose()
        {
            lock (store._gate)
            {
                _ = store._watchers.Remove(grown);
            }
        }
    }
}
