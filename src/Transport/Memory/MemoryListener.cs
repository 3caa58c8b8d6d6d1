using System.Threading.Channels;

namespace Replica.Transport.Memory;

/// <summary>Takes in the connections that were dialled to one name.</summary>
/// <param name="address">The name.</param>
/// <param name="onDisposed">Frees the name.</param>
internal sealed class MemoryListener(PeerAddress address, Action onDisposed) : IListener
{
    // Full means refused, as with a socket's backlog.
    private readonly Channel<IConnection> _waiting = Channel.CreateBounded<IConnection>(StreamLimits.BacklogMax);
    private int _disposed;

    /// <inheritdoc/>
    public PeerAddress Address => address;

    /// <inheritdoc/>
    public async ValueTask<IConnection?> AcceptAsync(CancellationToken cancellationToken)
    {
        while (await _waiting.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_waiting.Reader.TryRead(out var connection))
            {
                return connection;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        onDisposed();
        _waiting.Writer.Complete();
        while (_waiting.Reader.TryRead(out var connection))
        {
            await connection.DisposeAsync();
        }
    }

    /// <summary>Queues a connection to be accepted; false when the listener is closed or its backlog is full.</summary>
    internal bool TryOffer(IConnection connection) => _waiting.Writer.TryWrite(connection);
}
