using System.Net.WebSockets;
using Replica.Transport.Links;

namespace Replica.Transport.WebSockets;

/// <summary>The bytes of an open WebSocket's binary messages, one after the other.</summary>
/// <param name="socket">The open socket, disposed with the link.</param>
/// <param name="remote">Where the other end is, for errors.</param>
/// <param name="onAbort">What else must be torn down when the link is aborted; null for nothing.</param>
public sealed class WebSocketLink(WebSocket socket, PeerAddress remote, Action? onAbort = null) : IByteLink
{
    /// <summary>The subprotocol of a peer's own WebSocket listener.</summary>
    public const string PeerProtocol = "replica.1";

    /// <summary>The subprotocol of a relay's tunnel.</summary>
    public const string RelayProtocol = "replica-relay.1";

    private int _aborted;
    private bool _isEnded;

    /// <inheritdoc/>
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                // Remembered here: a socket closed both ways may be aborted a moment later, and its state then tells nothing.
                if (_isEnded || socket.State is WebSocketState.CloseReceived or WebSocketState.Closed)
                {
                    return 0;
                }

                var received = await socket.ReceiveAsync(buffer, cancellationToken);
                if (received.MessageType == WebSocketMessageType.Text)
                {
                    throw new WebSocketException(WebSocketError.InvalidMessageType, "a text message came; only binary ones are allowed");
                }

                _isEnded = received.MessageType == WebSocketMessageType.Close;
                if (received.Count > 0 || buffer.IsEmpty || _isEnded)
                {
                    return received.Count;
                }
            }
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            throw Lost(exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            throw Lost(exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
            }
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            throw Lost(exception);
        }
    }

    /// <inheritdoc/>
    public void Abort()
    {
        if (Interlocked.Exchange(ref _aborted, 1) == 0)
        {
            var wasClosed = socket.State == WebSocketState.Closed;
            socket.Abort();
            if (!wasClosed)
            {
                TearDown();
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private void TearDown()
    {
        try
        {
            onAbort?.Invoke();
        }
        catch (ObjectDisposedException)
        {
            // What carried the socket has ended meanwhile.
        }
    }

    // Besides its own exception, a socket that is aborted while it waits throws what its stream or its state had.
    private static bool IsBroken(Exception exception) =>
        exception is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException;

    private TransportException Lost(Exception exception) => new(
        TransportFailure.ConnectionLost, $"The WebSocket to {remote} broke: {exception.Message}", exception);
}
