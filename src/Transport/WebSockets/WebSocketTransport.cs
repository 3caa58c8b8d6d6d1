using Replica.Transport.Links;

namespace Replica.Transport.WebSockets;

/// <summary>Dials peers that listen with WebSockets: the addresses <c>ws://…</c> and <c>wss://…</c>.</summary>
/// <remarks>Listening needs an HTTP server, which this library is not: a host that has one brings a transport of its own.</remarks>
/// <param name="time">Measures the limits on connecting and closing.</param>
public sealed class WebSocketTransport(TimeProvider time) : ITransport, IDisposable
{
    private readonly WebSocketDialer _dialer = new(time);

    /// <inheritdoc/>
    public bool CanReach(PeerAddress address) => address is PeerAddress.WebSocketHost;

    /// <inheritdoc/>
    public async ValueTask<IConnection> ConnectAsync(PeerAddress address, CancellationToken cancellationToken)
    {
        var host = address as PeerAddress.WebSocketHost ?? throw Foreign(address);
        var link = await _dialer.DialAsync(host.ToUri(), address, WebSocketLink.PeerProtocol, null, cancellationToken);
        return LinkConnection.Start(link, address, "websocket", time);
    }

    /// <inheritdoc/>
    public ValueTask<IListener> ListenAsync(PeerAddress address, CancellationToken cancellationToken) => throw new TransportException(
        TransportFailure.AddressUnsupported, $"This program has no HTTP server to listen at {address}: use tcp://host:port.");

    /// <inheritdoc/>
    public void Dispose() => _dialer.Dispose();

    /// <summary>An address that is not of this kind.</summary>
    public static TransportException Foreign(PeerAddress address) => new(
        TransportFailure.AddressUnsupported, $"{address} is no WebSocket address, which looks like wss://peer.example/replica.");
}
