namespace Replica.Transport.Links;

/// <summary>A byte stream as something below moves it: a WebSocket, an HTTP polling session, one end of a tunnel.</summary>
/// <remarks>
/// One receiver and one sender at a time. Where messages end has no meaning. Disposing closes it and wakes whoever
/// waits; what was sent still arrives.
/// </remarks>
public interface IByteLink : IAsyncDisposable
{
    /// <summary>Receives what is there.</summary>
    /// <param name="buffer">Where it goes. An empty one waits until there is something and takes nothing.</param>
    /// <param name="cancellationToken">Gives up; the link may then only be aborted.</param>
    /// <returns>How many bytes; 0, for a buffer with room, when the other side has ended its direction.</returns>
    /// <exception cref="TransportException">The link broke.</exception>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Sends bytes, and waits while the other side takes in too little.</summary>
    /// <exception cref="TransportException">The link broke.</exception>
    ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Ends this side's direction; the other goes on.</summary>
    /// <exception cref="TransportException">The link broke.</exception>
    ValueTask EndAsync(CancellationToken cancellationToken);

    /// <summary>Ends both directions at once and wakes whoever waits. May be called at any time, repeatedly.</summary>
    void Abort();
}
