using Replica.Transport;
using Replica.Transport.WebSockets;

namespace Replica.Web.WebSockets;

/// <summary>WebSockets both ways: dials like <see cref="WebSocketTransport"/> and listens with an HTTP server of its own.</summary>
/// <param name="time">Measures the limits on connecting and closing.</param>
public sealed class WebSocketHostTransport(TimeProvider time) : ITransport, IDisposable
{
    private readonly WebSocketTransport _dialler = new(time);

    /// <inheritdoc/>
    public bool CanReach(PeerAddress address) => _dialler.CanReach(address);

    /// <inheritdoc/>
    public ValueTask<IConnection> ConnectAsync(PeerAddress address, CancellationToken cancellationToken) =>
        _dialler.ConnectAsync(address, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>A <c>wss</c> address takes its certificate from the usual Kestrel configuration in the environment.</remarks>
    public async ValueTask<IListener> ListenAsync(PeerAddress address, CancellationToken cancellationToken) =>
        await WebSocketListener.BindAsync(
            address as PeerAddress.WebSocketHost ?? throw WebSocketTransport.Foreign(address), time, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _dialler.Dispose();
}
