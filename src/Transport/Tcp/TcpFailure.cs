using System.Net.Sockets;

namespace Replica.Transport.Tcp;

/// <summary>Puts the system's socket errors into words.</summary>
internal static class TcpFailure
{
    /// <summary>A host name that leads nowhere.</summary>
    public static TransportException NoAddress(PeerAddress address, Exception? inner) => new(
        TransportFailure.AddressUnknown, $"The host name in {address} has no address: check its spelling and the name service.", inner);

    /// <summary>A dial that ran out of time.</summary>
    public static TransportException NoAnswer(PeerAddress address, Exception inner) => new(
        TransportFailure.Unreachable,
        $"{address} did not answer within {TcpTransport.ConnectLimit.TotalSeconds} s: it is off, elsewhere, or behind a firewall.",
        inner);

    /// <summary>A dial that failed.</summary>
    public static TransportException OfConnecting(PeerAddress address, SocketException error) => error.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => new TransportException(
            TransportFailure.Refused, $"Nobody listens at {address}: start the peer there or check the port.", error),
        SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable => OutOfResources($"dial {address}", error),
        _ => new TransportException(
            TransportFailure.Unreachable, $"{address} can't be reached: {error.Message}.", error),
    };

    /// <summary>A listener that could not be bound.</summary>
    public static TransportException OfListening(PeerAddress address, SocketException error) => error.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => new TransportException(
            TransportFailure.AddressInUse,
            $"{address} is in use by another program: stop it, or listen at another port (port 0 chooses a free one).",
            error),
        SocketError.AccessDenied => new TransportException(
            TransportFailure.PermissionDenied,
            $"The system does not let this process listen at {address}: take a port above 1023.",
            error),
        SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable => OutOfResources($"listen at {address}", error),
        _ => new TransportException(
            TransportFailure.AddressUnknown,
            $"Can't listen at {address}, which must be an address of this machine: {error.Message}.",
            error),
    };

    /// <summary>A stream that broke.</summary>
    public static TransportException OfStream(PeerAddress address, Exception error) => new(
        TransportFailure.ConnectionLost, $"The connection to {address} broke: {error.Message}.", error);

    private static TransportException OutOfResources(string what, SocketException error) => new(
        TransportFailure.OutOfResources,
        $"There are no file descriptors or buffers left to {what}: raise the limit for this process.",
        error);
}
