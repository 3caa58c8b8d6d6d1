using System.Threading.Channels;

namespace Replica.Transport.Links;

/// <summary>Connections that came in and wait to be accepted. Any thread may call.</summary>
/// <param name="waitingMax">How many; more are refused, as with a socket's backlog.</param>
public sealed class AcceptQueue(int waitingMax) : IAsyncDisposable
{
    private readonly Channel<IConnection> _waiting = Channel.CreateBounded<IConnection>(waitingMax);

    /// <summary>Queues a connection.</summary>
    /// <returns>False when too many wait, or the queue is closed; the connection stays the caller's.</returns>
    public bool TryOffer(IConnection connection) => _waiting.Writer.TryWrite(connection);

    /// <summary>Queues a connection, or ends it if it can't be.</summary>
    /// <returns>Whether it waits now.</returns>
    public async ValueTask<bool> OfferAsync(IConnection connection)
    {
        if (TryOffer(connection))
        {
            return true;
        }

        await EndAsync(connection);
        return false;
    }

    /// <summary>Waits for the next connection.</summary>
    /// <returns>It; null when the queue was closed.</returns>
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

    /// <summary>Takes nothing in any more, and ends what nobody accepted.</summary>
    public async ValueTask DisposeAsync()
    {
        _ = _waiting.Writer.TryComplete();
        while (_waiting.Reader.TryRead(out var connection))
        {
            await EndAsync(connection);
        }
    }

    private static ValueTask EndAsync(IConnection connection)
    {
        connection.Abort(null);
        return connection.DisposeAsync();
    }
}
