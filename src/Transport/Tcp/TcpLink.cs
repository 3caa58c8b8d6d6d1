using System.Net;
using System.Net.Sockets;
using Replica.Transport.Links;

namespace Replica.Transport.Tcp;

/// <summary>The bytes of a connected TCP socket.</summary>
/// <param name="socket">The connected socket, disposed with the link.</param>
/// <param name="remote">Where the other end is, for errors.</param>
internal sealed class TcpLink(Socket socket, PeerAddress remote) : IByteLink
{
    /// <summary>The size of a receive under load, in bytes: room for a whole Noise message in one piece.</summary>
    private const int ReceiveBytesMax = 128 * 1024;

    /// <summary>Takes over a connected socket and starts to move bytes.</summary>
    public static LinkConnection Start(Socket socket, PeerAddress remote, TimeProvider time)
    {
        var endPoint = socket.LocalEndPoint as IPEndPoint;
        var local = endPoint is null ? "tcp" : PeerAddress.TcpHost.From(endPoint).ToString();
        return LinkConnection.Start(new TcpLink(socket, remote), remote, local, time, ReceiveBytesMax, endPoint?.Address);
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await socket.ReceiveAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            throw TcpFailure.OfStream(remote, exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await socket.SendAsync(bytes, cancellationToken)..];
            }
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            throw TcpFailure.OfStream(remote, exception);
        }
    }

    /// <inheritdoc/>
    public ValueTask EndAsync(CancellationToken cancellationToken)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            return ValueTask.CompletedTask;
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            throw TcpFailure.OfStream(remote, exception);
        }
    }

    /// <inheritdoc/>
    public void Abort() => socket.Dispose();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static bool IsBroken(Exception exception) => exception is SocketException or ObjectDisposedException;
}
