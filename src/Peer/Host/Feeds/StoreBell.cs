using System.Threading.Channels;
using Replica.Peer.Store;

namespace Replica.Peer.Host.Feeds;

/// <summary>Rings when a store has news. Rings while nobody listens count as one.</summary>
internal sealed class StoreBell : IDisposable
{
    // One place: what is read after a ring covers all that came before it.
    private readonly Channel<bool> _rings = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SpaceStore _store;
    private readonly IDisposable _watch;

    /// <summary>Listens from now on; look once after this.</summary>
    public StoreBell(SpaceStore store)
    {
        _store = store;
        _watch = store.Watch(() => _rings.Writer.TryWrite(true));
    }

    /// <summary>Waits for news.</summary>
    /// <returns>False when watches are over: the store closes.</returns>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_store.AreWatchesOver)
        {
            return false;
        }

        _ = await _rings.Reader.ReadAsync(cancellationToken);
        return !_store.AreWatchesOver;
    }

    public void Dispose() => _watch.Dispose();
}
