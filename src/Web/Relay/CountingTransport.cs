using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Replica.Transport;
using Replica.Transport.Relay;

namespace Replica.Web.Relay;

/// <summary>Sockets that a relay counts as they come in: of a flood's connections nothing is read, and no server above learns of them.</summary>
internal sealed class CountingTransport(
    IOptions<SocketTransportOptions> options, ILoggerFactory log, RelayServer relay, IReadOnlyCollection<IPAddress> proxies) : IConnectionListenerFactory
{
    private readonly SocketTransportFactory _sockets = new(options, log);

    /// <inheritdoc/>
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await _sockets.BindAsync(endpoint, cancellationToken), relay, proxies);

    /// <summary>An IPv4 address dressed as IPv6 as itself.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private sealed class Listener(IConnectionListener inner, RelayServer relay, IReadOnlyCollection<IPAddress> proxies) : IConnectionListener
    {
        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (await inner.AcceptAsync(cancellationToken) is { } connection)
            {
                // What a proxy brings is counted by its requests alone.
                if (connection.RemoteEndPoint is not IPEndPoint remote || proxies.Contains(Plain(remote.Address)))
                {
                    return connection;
                }

                var source = PeerAddress.WebSocketHost.From(remote, isSecure: false).Source;
                if (relay.CountArrival(source))
                {
                    _ = connection.ConnectionClosed.Register(() => relay.CountDeparture(source));
                    return connection;
                }

                connection.Abort();

                // It waits for its own loops, which end now; the next connection should not.
                _ = connection.DisposeAsync().AsTask();
            }

            return null;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => inner.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
