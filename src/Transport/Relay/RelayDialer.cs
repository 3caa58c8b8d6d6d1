using System.Net;
using System.Security.Cryptography;
using Replica.Transport.Crypto;
using Replica.Transport.Links;
using Replica.Transport.Polling;
using Replica.Transport.WebSockets;

namespace Replica.Transport.Relay;

/// <summary>Opens connections to relays and logs in; over a WebSocket, or where that is blocked over HTTP polling.</summary>
/// <param name="device">The device, from whose seed the routing keys come. It must outlive the dialer.</param>
/// <param name="tokenOf">The bearer token for a relay, by its authority; null for none.</param>
/// <param name="time">The clock.</param>
/// <param name="from">The address of this machine that WebSockets are dialled from; null leaves the choice to the system.</param>
internal sealed class RelayDialer(DeviceKeyPair device, Func<string, string?> tokenOf, TimeProvider time, IPAddress? from = null) : IDisposable
{
    /// <summary>How long a relay may take to answer what it was asked.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(15);

    /// <summary>Where the tunnel of every relay is.</summary>
    public const string TunnelPath = "/v1/tunnel";

    // A network that blocked WebSockets a moment ago is asked again after this, in case it was another one.
    private static readonly TimeSpan BlockedFor = TimeSpan.FromMinutes(10);
    private const int BlockedMax = 64;

    // A relay closes connections unheard too, when too many come: polling would only add to them.
    private const int UnheardMax = 3;

    private readonly WebSocketDialer _sockets = new(time, from);
    private readonly PollingDialer _polling = new(time);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _blockedAt = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _unheard = new(StringComparer.Ordinal);

    /// <summary>The device's routing key on a relay; the caller disposes it.</summary>
    public DeviceKeyPair RoutingKey(PeerAddress.RelayRoute relay) => RelayAuth.RoutingKey(device, relay.Authority);

    /// <summary>Opens a connection and logs in.</summary>
    /// <param name="relay">The relay.</param>
    /// <param name="key">The device's routing key there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The connection, ready for one command; how much the relay's clock is ahead; whether it goes by polling.</returns>
    /// <exception cref="TransportException">The relay can't be reached or does not let the device in.</exception>
    public async Task<(IByteLink Link, TimeSpan ClockAhead, bool IsPolling)> LogInAsync(
        PeerAddress.RelayRoute relay, DeviceKeyPair key, CancellationToken cancellationToken)
    {
        var (link, isPolling, isBlocked) = await OpenAsync(relay, cancellationToken);
        try
        {
            using var limit = new CancellationTokenSource(AnswerLimit, time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            if (await ReceiveAsync(link, relay, linked.Token) is not RelayFrame.Hello hello)
            {
                throw Odd(relay);
            }

            var ahead = DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Min(hello.UnixMilliseconds, 253_402_300_799_000)) - time.GetUtcNow();
            var nonce = RandomNumberGenerator.GetBytes(RelayFrame.TagBytes);
            var signature = key.Sign(RelayAuth.Text(relay.Authority, hello.Challenge.Span, nonce));
            await RelayFrameCodec.SendAsync(link, new RelayFrame.Auth(key.PublicKey, nonce, signature), linked.Token);
            if (await ReceiveAsync(link, relay, linked.Token) is not RelayFrame.Ready)
            {
                throw Odd(relay);
            }

            if (isBlocked)
            {
                SetBlocked(relay.Authority);
            }

            return (link, ahead, isPolling);
        }
        catch (Exception fault)
        {
            link.Abort();
            await link.DisposeAsync();
            cancellationToken.ThrowIfCancellationRequested();
            throw fault as TransportException ?? Odd(relay, fault);
        }
    }

    /// <summary>Asks for a tunnel on a connection that is logged in, and waits until it is open. On failure the link is disposed.</summary>
    /// <exception cref="TransportException">There is none.</exception>
    public async Task OpenTunnelAsync(IByteLink link, PeerAddress.RelayRoute relay, RelayFrame request, CancellationToken cancellationToken)
    {
        try
        {
            using var limit = new CancellationTokenSource(AnswerLimit, time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            await RelayFrameCodec.SendAsync(link, request, linked.Token);
            if (await ReceiveAsync(link, relay, linked.Token) is not RelayFrame.Opened)
            {
                throw Odd(relay);
            }
        }
        catch (Exception fault)
        {
            link.Abort();
            await link.DisposeAsync();
            cancellationToken.ThrowIfCancellationRequested();
            throw fault as TransportException ?? Odd(relay, fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sockets.Dispose();
        _polling.Dispose();
    }

    /// <summary>Puts a refusal into words.</summary>
    internal static TransportException Explain(PeerAddress.RelayRoute relay, RelayFrame.Refused refused) => refused.Reason switch
    {
        RelayRefusal.NotAuthenticated => new(
            TransportFailure.Refused, $"The relay {relay.Relay} does not go by the name {relay.Authority}: dial it by one of its --name."),
        RelayRefusal.NotAllowed => new(
            TransportFailure.Refused,
            $"The relay {relay.Relay} lets only known devices in: have this device's routing key, which doctor shows, put on its list."),
        RelayRefusal.NobodyListens => new(TransportFailure.Refused, $"Nobody listens at {relay}: the peer is off or has left the relay."),
        RelayRefusal.TargetBusy => new(TransportFailure.Unreachable, $"The peer at {relay} does not answer the relay, or has too many tunnels."),
        RelayRefusal.SourceBusy => new(TransportFailure.Unreachable, $"The relay {relay.Relay} has too many connections from this network."),
        RelayRefusal.RelayBusy => new(TransportFailure.Unreachable, $"The relay {relay.Relay} is full."),
        RelayRefusal.Draining => new(TransportFailure.Unreachable, $"The relay {relay.Relay} is about to stop."),
        _ => new(TransportFailure.ProtocolBlocked, $"The relay {relay.Relay} did not understand this device: is one of the two too old?"),
    };

    private static async ValueTask<RelayFrame> ReceiveAsync(IByteLink link, PeerAddress.RelayRoute relay, CancellationToken cancellationToken) =>
        await RelayFrameCodec.ReceiveAsync(link, cancellationToken) switch
        {
            RelayFrame.Refused refused => throw Explain(relay, refused),
            null => throw new TransportException(TransportFailure.ConnectionLost, $"The relay {relay.Relay} closed the connection."),
            var frame => frame,
        };

    private static TransportException Odd(PeerAddress.RelayRoute relay, Exception? inner = null) => inner is OperationCanceledException
        ? new(TransportFailure.Unreachable, $"The relay {relay.Relay} did not answer within {AnswerLimit.TotalSeconds} s.", inner)
        : new(TransportFailure.ProtocolBlocked, $"What answers at {relay.Relay} does not speak as a relay does: check the address.", inner);

    /// <returns>The connection; whether it goes by polling, and whether that is because something answered in the relay's place.</returns>
    private async Task<(IByteLink Link, bool IsPolling, bool IsBlocked)> OpenAsync(PeerAddress.RelayRoute relay, CancellationToken cancellationToken)
    {
        var isBlocked = IsBlocked(relay.Authority);
        if (!isBlocked)
        {
            try
            {
                var uri = relay.ToUri(TunnelPath, isWebSocket: true);
                var link = await _sockets.DialAsync(uri, relay, WebSocketLink.RelayProtocol, tokenOf(relay.Authority), cancellationToken);
                ForgetUnheard(relay.Authority);
                return (link, false, false);
            }
            catch (TransportException fault) when (fault.Failure == TransportFailure.ProtocolBlocked)
            {
                // Something answered, but let no WebSocket through: plain requests may pass.
                isBlocked = true;
            }
            catch (TransportException fault) when (fault.Failure == TransportFailure.ConnectionLost && IsOftenUnheard(relay.Authority))
            {
                // Closed without a word again and again: something in between may do that to WebSockets alone.
            }
        }

        return (await _polling.DialAsync(relay, tokenOf(relay.Authority), cancellationToken), true, isBlocked);
    }

    private bool IsOftenUnheard(string authority)
    {
        lock (_gate)
        {
            if (_unheard.Count < BlockedMax || _unheard.ContainsKey(authority))
            {
                _unheard[authority] = Math.Min(UnheardMax, _unheard.GetValueOrDefault(authority) + 1);
            }

            return _unheard.GetValueOrDefault(authority) >= UnheardMax;
        }
    }

    private void ForgetUnheard(string authority)
    {
        lock (_gate)
        {
            _ = _unheard.Remove(authority);
        }
    }

    private bool IsBlocked(string authority)
    {
        lock (_gate)
        {
            return _blockedAt.TryGetValue(authority, out var at) && time.GetElapsedTime(at) < BlockedFor;
        }
    }

    private void SetBlocked(string authority)
    {
        lock (_gate)
        {
            if (_blockedAt.Count < BlockedMax || _blockedAt.ContainsKey(authority))
            {
                _blockedAt[authority] = time.GetTimestamp();
            }
        }
    }
}
