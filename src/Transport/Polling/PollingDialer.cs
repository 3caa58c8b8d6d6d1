using System.Net;
using System.Net.Http.Headers;
using Replica.Transport.Links;
using Replica.Transport.WebSockets;

namespace Replica.Transport.Polling;

/// <summary>Opens polling sessions with relays.</summary>
/// <param name="time">Measures the limits.</param>
internal sealed class PollingDialer(TimeProvider time) : IDisposable
{
    private const int SessionIdChars = 64;
    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(10);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectTimeout = OpenLimit,
        ConnectCallback = static (context, cancellationToken) => WebSocketDialer.ConnectOnceAsync(null, context, cancellationToken),
        ResponseDrainTimeout = OpenLimit,
        MaxResponseDrainSize = PollingWire.BodyBytesMax,
    });

    /// <summary>Opens one.</summary>
    /// <exception cref="TransportException">The relay can't be reached, or lets nobody in this way.</exception>
    public async Task<IByteLink> DialAsync(PeerAddress.RelayRoute relay, string? bearer, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(OpenLimit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, relay.ToUri(PollingWire.OpenPath, isWebSocket: false));
        if (bearer is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }

        try
        {
            using var answer = await _http.SendAsync(request, linked.Token);
            if (answer.StatusCode == HttpStatusCode.Unauthorized)
            {
                throw new TransportException(
                    TransportFailure.Refused, $"The relay {relay.Relay} wants a token: give the right one with --relay-token.");
            }

            if (WebSocketDialer.ExplainBusy(relay, answer.StatusCode) is { } busy)
            {
                throw busy;
            }

            var id = await ReadIdAsync(answer, linked.Token);
            return answer.IsSuccessStatusCode && id.Length == SessionIdChars && id.All(char.IsAsciiHexDigitLower)
                ? new PollingLink(_http, relay, id, time)
                : throw new TransportException(
                    TransportFailure.ProtocolBlocked,
                    $"What answers at {relay.Relay} is no relay: it said {(int)answer.StatusCode}. Check the address; "
                    + "a proxy or the login page of this network may stand in between.");
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw WebSocketDialer.Explain(relay, fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <returns>What may be a session's name; empty if it is too long for one.</returns>
    private static async Task<string> ReadIdAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            await answer.Content.LoadIntoBufferAsync(SessionIdChars, cancellationToken);
            return await answer.Content.ReadAsStringAsync(cancellationToken);
        }
        catch (HttpRequestException)
        {
            // A page for people, as of a network that wants a login first.
            return "";
        }
    }
}
