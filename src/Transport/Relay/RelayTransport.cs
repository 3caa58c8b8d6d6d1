using Replica.Transport.Crypto;
using Replica.Transport.Links;

namespace Replica.Transport.Relay;

/// <summary>Reaches devices through relays: the addresses <c>relay+wss://…/#routing-key</c>.</summary>
/// <remarks>
/// To listen, any key may stand in the address: the listener's own one takes its place. It need not be reachable yet; the
/// listener goes on trying.
/// </remarks>
/// <param name="device">The device, from whose seed the routing keys come. It must outlive the transport.</param>
/// <param name="tokenOf">The bearer token for a relay, by its authority; null for none.</param>
/// <param name="time">The clock.</param>
public sealed class RelayTransport(DeviceKeyPair device, Func<string, string?> tokenOf, TimeProvider time) : ITransport, IDisposable
{
    private readonly RelayDialer _dialer = new(device, tokenOf, time);

    /// <inheritdoc/>
    public bool CanReach(PeerAddress address) => address is PeerAddress.RelayRoute;

    /// <inheritdoc/>
    public async ValueTask<IConnection> ConnectAsync(PeerAddress address, CancellationToken cancellationToken)
    {
        var route = Route(address);
        using var key = _dialer.RoutingKey(route);
        var (link, _, _) = await _dialer.LogInAsync(route, key, cancellationToken);
        await _dialer.OpenTunnelAsync(link, route, new RelayFrame.Dial(route.RoutingKey), cancellationToken);
        return LinkConnection.Start(link, route, route.Relay, time);
    }

    /// <inheritdoc/>
    public ValueTask<IListener> ListenAsync(PeerAddress address, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IListener>(RelayListener.Start(_dialer, Route(address), time));

    /// <inheritdoc/>
    public void Dispose() => _dialer.Dispose();

    private static PeerAddress.RelayRoute Route(PeerAddress address) => address as PeerAddress.RelayRoute
        ?? throw new TransportException(
            TransportFailure.AddressUnsupported, $"{address} is no relay address, which looks like relay+wss://relay.example/#key.");
}
