using Replica.Transport.Links;

namespace Replica.Transport.Memory;

/// <summary>Takes in the connections that were dialled to one name.</summary>
/// <param name="address">The name.</param>
/// <param name="onDisposed">Frees the name.</param>
internal sealed class MemoryListener(PeerAddress address, Action onDisposed) : IListener
{
    private readonly AcceptQueue _waiting = new(StreamLimits.BacklogMax);
    private int _disposed;

    /// <inheritdoc/>
    public PeerAddress Address => address;

    /// <inheritdoc/>
    public ValueTask<IConnection?> AcceptAsync(CancellationToken cancellationToken) => _waiting.AcceptAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            onDisposed();
            await _waiting.DisposeAsync();
        }
    }

    /// <summary>Queues a connection to be accepted; false when the listener is closed or its backlog is full.</summary>
    internal bool TryOffer(IConnection connection) => _waiting.TryOffer(connection);
}
