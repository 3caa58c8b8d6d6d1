using System.Net;
using System.Net.Sockets;

namespace Replica.Transport.Tcp;

/// <summary>Byte streams over TCP: the addresses <c>tcp://host:port</c>.</summary>
/// <param name="time">Measures the limits on connecting and closing.</param>
public sealed class TcpTransport(TimeProvider time) : ITransport
{
    /// <summary>How long one address may take to answer a dial.</summary>
    /// <remarks>Longer waits for the slowest links; shorter comes sooner to the next address.</remarks>
    internal static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public bool CanReach(PeerAddress address) => address is PeerAddress.TcpHost;

    /// <inheritdoc/>
    /// <remarks>The addresses of a host name are tried in turn.</remarks>
    public async ValueTask<IConnection> ConnectAsync(PeerAddress address, CancellationToken cancellationToken)
    {
        var host = Tcp(address);
        TransportException? last = null;
        foreach (var candidate in await ResolveAsync(host, cancellationToken))
        {
            try
            {
                var socket = await DialAsync(new IPEndPoint(candidate, host.Port), address, cancellationToken);
                return TcpLink.Start(socket, address, time);
            }
            catch (TransportException exception)
            {
                last = exception;
            }
        }

        throw last ?? TcpFailure.NoAddress(address, inner: null);
    }

    /// <inheritdoc/>
    /// <remarks>Of a host name only the first address is bound; <c>tcp://[::]:port</c>, or <c>tcp://*:port</c>, takes IPv4 in as well.</remarks>
    public async ValueTask<IListener> ListenAsync(PeerAddress address, CancellationToken cancellationToken)
    {
        var host = Tcp(address);
        var addresses = await ResolveAsync(host, cancellationToken);
        if (addresses.Length == 0)
        {
            throw TcpFailure.NoAddress(address, inner: null);
        }

        return TcpConnectionListener.Bind(new IPEndPoint(addresses[0], host.Port), address, time);
    }

    private static PeerAddress.TcpHost Tcp(PeerAddress address) => address as PeerAddress.TcpHost
        ?? throw new TransportException(
            TransportFailure.AddressUnsupported, $"{address} is no TCP address, which looks like tcp://192.0.2.1:7000.");

    private static async ValueTask<IPAddress[]> ResolveAsync(PeerAddress.TcpHost host, CancellationToken cancellationToken)
    {
        if (host.Literal is { } literal)
        {
            return [literal.IsIPv6LinkLocal ? WithInterface(host) : literal];
        }

        try
        {
            return await Dns.GetHostAddressesAsync(host.Host, cancellationToken);
        }
        catch (SocketException exception)
        {
            throw TcpFailure.NoAddress(host, exception);
        }
    }

    /// <summary>The address on the link that it means now: an interface may come back under another number.</summary>
    private static IPAddress WithInterface(PeerAddress.TcpHost host)
    {
        var address = IPAddress.Parse(host.Host);
        return address.ScopeId != 0 ? address : throw new TransportException(
            TransportFailure.AddressUnknown,
            $"{host} names no interface that this computer has, which a link-local address needs, as in tcp://[fe80::1%eth0]:7000.");
    }

    private async ValueTask<Socket> DialAsync(IPEndPoint endPoint, PeerAddress address, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(ConnectLimit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, linked.Token);
            return socket;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw TcpFailure.OfConnecting(address, exception);
        }
        catch (OperationCanceledException exception)
        {
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw TcpFailure.NoAnswer(address, exception);
        }
    }
}
