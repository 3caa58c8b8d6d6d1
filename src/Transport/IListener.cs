namespace Replica.Transport;

/// <summary>Takes in connections at one address until it is disposed.</summary>
public interface IListener : IAsyncDisposable
{
    /// <summary>The address that is really bound: a port of 0 that was asked for is replaced by the one in use.</summary>
    PeerAddress Address { get; }

    /// <summary>Waits for the next connection. The caller owns it.</summary>
    /// <returns>Null once the listener was disposed.</returns>
    ValueTask<IConnection?> AcceptAsync(CancellationToken cancellationToken);
}
