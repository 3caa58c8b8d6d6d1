using System.Net;
using System.Net.Sockets;
using Replica.Transport.Links;

namespace Replica.Transport.Tcp;

/// <summary>Takes in TCP connections at one address.</summary>
internal sealed class TcpConnectionListener : IListener
{
    /// <summary>The pause after the system had no descriptor for a waiting connection; it stays in the backlog meanwhile.</summary>
    private static readonly TimeSpan ExhaustionPause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly TimeProvider _time;
    private volatile bool _disposed;

    private TcpConnectionListener(Socket socket, TimeProvider time)
    {
        _socket = socket;
        _time = time;
        Address = PeerAddress.TcpHost.From((IPEndPoint)socket.LocalEndPoint!);
    }

    /// <inheritdoc/>
    public PeerAddress Address { get; }

    /// <summary>Binds and listens at once.</summary>
    /// <exception cref="TransportException">The address is taken, forbidden, or not of this machine.</exception>
    public static TcpConnectionListener Bind(IPEndPoint endPoint, PeerAddress address, TimeProvider time)
    {
        if (endPoint.Address.Equals(IPAddress.IPv6Any) && !Socket.OSSupportsIPv6)
        {
            // All addresses, on a computer where those are of one family.
            endPoint = new(IPAddress.Any, endPoint.Port);
        }

        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = endPoint.Address.Equals(IPAddress.IPv6Any);
            }

            if (OperatingSystem.IsWindows())
            {
                // Elsewhere a bound port is safe from others, and may be taken again right after a restart.
                socket.ExclusiveAddressUse = true;
            }

            socket.Bind(endPoint);
            socket.Listen(StreamLimits.BacklogMax);
            return new TcpConnectionListener(socket, time);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw TcpFailure.OfListening(address, exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IConnection?> AcceptAsync(CancellationToken cancellationToken)
    {
        while (!_disposed)
        {
            try
            {
                var socket = await _socket.AcceptAsync(cancellationToken);
                if (TryStart(socket) is { } connection)
                {
                    return connection;
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException && _disposed)
            {
                return null;
            }
            catch (SocketException exception) when (exception.SocketErrorCode
                is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
            {
                await Task.Delay(ExhaustionPause, _time, cancellationToken);
            }
            catch (SocketException exception) when (exception.SocketErrorCode
                is SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                // It went away while it waited; there is a next one.
                continue;
            }
            catch (SocketException exception)
            {
                throw TcpFailure.OfListening(Address, exception);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _disposed = true;
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private LinkConnection? TryStart(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            var remote = PeerAddress.TcpHost.From((IPEndPoint)socket.RemoteEndPoint!);
            return TcpLink.Start(socket, remote, _time);
        }
        catch (SocketException)
        {
            // It went away before it was looked at.
            socket.Dispose();
            return null;
        }
    }
}
