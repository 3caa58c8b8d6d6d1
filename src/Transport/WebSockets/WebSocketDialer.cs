using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using Replica.Transport.Links;

namespace Replica.Transport.WebSockets;

/// <summary>Opens WebSockets as the side that dials. Keeps no connections; safe for use by several threads.</summary>
public sealed class WebSocketDialer : IDisposable
{
    /// <summary>How long one address may take from the first packet to the open WebSocket.</summary>
    internal static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    private const string ConnectedOption = "replica.connected";

    private readonly HttpMessageInvoker _http;
    private readonly TimeProvider _time;

    /// <summary>Makes a dialler.</summary>
    /// <param name="time">Measures the limit on connecting.</param>
    public WebSocketDialer(TimeProvider time)
        : this(time, null)
    {
    }

    /// <summary>Makes one that dials from an address of this machine; null leaves the choice to the system.</summary>
    internal WebSocketDialer(TimeProvider time, IPAddress? from)
    {
        _time = time;
        _http = new(new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectLimit,
            ConnectCallback = (context, cancellationToken) => ConnectOnceAsync(from, context, cancellationToken),
        });
    }

    /// <summary>Opens one.</summary>
    /// <param name="uri">A <c>ws</c> or <c>wss</c> URI.</param>
    /// <param name="address">The address it belongs to, for errors.</param>
    /// <param name="protocol">The subprotocol that must be agreed on.</param>
    /// <param name="bearer">A token for the header <c>Authorization</c>; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TransportException">
    /// It could not be opened; <see cref="TransportFailure.ProtocolBlocked"/> when something answered, but not with a WebSocket;
    /// <see cref="TransportFailure.ConnectionLost"/> when the connection was closed without an answer.
    /// </exception>
    public async ValueTask<IByteLink> DialAsync(
        Uri uri, PeerAddress address, string protocol, string? bearer, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(ConnectLimit, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.AddSubProtocol(protocol);
            socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
            socket.Options.CollectHttpResponseDetails = true;
            if (bearer is not null)
            {
                socket.Options.SetRequestHeader("Authorization", "Bearer " + bearer);
            }

            await socket.ConnectAsync(uri, _http, linked.Token);
            return socket.SubProtocol == protocol
                ? new WebSocketLink(socket, address)
                : throw new TransportException(
                    TransportFailure.ProtocolBlocked, $"What answers at {address} speaks WebSocket, but not {protocol}: check the address.");
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or TransportException)
        {
            var status = socket.HttpStatusCode;
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw exception as TransportException ?? ExplainBusy(address, status) ?? Explain(address, exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>
    /// Connects for a request, once: left to itself the client asks four times where a connection is closed unheard, and so makes a
    /// flood of what was a little too much.
    /// </summary>
    internal static async ValueTask<Stream> ConnectOnceAsync(IPAddress? from, SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        if (!((IDictionary<string, object?>)context.InitialRequestMessage.Options).TryAdd(ConnectedOption, true))
        {
            throw new SocketException((int)SocketError.ConnectionReset);
        }

        var socket = from is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(from.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (from is not null)
            {
                socket.Bind(new IPEndPoint(from, 0));
            }

            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Puts an answer into words that says it is too much at the moment; null if it says something else.</summary>
    internal static TransportException? ExplainBusy(PeerAddress address, HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
            ? new(TransportFailure.Unreachable, $"{address} has too much to do, or too much from this network: it said {(int)status}.")
            : null;

    /// <summary>Puts a failed request into words.</summary>
    internal static TransportException Explain(PeerAddress address, Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return new(TransportFailure.Refused, $"Nobody listens at {address}: start what should be there or check the port.", exception);
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return new(
                        TransportFailure.AddressUnknown,
                        $"The host name in {address} has no address: check its spelling and the name service.",
                        exception);
                case AuthenticationException untrusted:
                    return new(
                        TransportFailure.Unreachable,
                        $"The certificate of {address} is not accepted: {untrusted.Message.TrimEnd('.')}. Check the name, the clock and who is trusted here.",
                        exception);
                case SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown }
                    or HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }
                    or HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: IOException }:
                    return new(
                        TransportFailure.ConnectionLost,
                        $"{address} closed the connection without a word: it has too much to do, or something in between lets no WebSocket through.",
                        exception);
                case SocketException socket:
                    return new(TransportFailure.Unreachable, $"{address} can't be reached: {socket.Message}.", exception);
                case OperationCanceledException or TimeoutException:
                    return new(
                        TransportFailure.Unreachable,
                        $"{address} did not answer within {ConnectLimit.TotalSeconds} s: it is off, elsewhere, or behind a firewall.",
                        exception);
            }
        }

        return new(
            TransportFailure.ProtocolBlocked,
            $"Something answers at {address}, but opens no WebSocket: {exception.GetBaseException().Message}",
            exception);
    }
}
