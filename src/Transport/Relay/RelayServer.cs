using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Replica.Transport.Crypto;
using Replica.Transport.Links;

namespace Replica.Transport.Relay;

/// <summary>A stranger in the middle: joins devices by their routing keys and moves bytes that it can't read. Any thread may call.</summary>
/// <remarks>
/// It does no I/O of its own: whoever serves HTTP hands it links. It keeps nothing on disk, and never learns device keys,
/// space ids or plaintext. Source: docs/protocol-reach.md.
/// </remarks>
public sealed class RelayServer : IAsyncDisposable
{
    private const int NamesMax = 8;
    private const int LeavingSeconds = 5;
    private const int RetrySeconds = 10;
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(5);

    private readonly RelayOptions _options;
    private readonly TimeProvider _time;
    private readonly RelaySources _sources;
    private readonly RelayExchange _exchange;
    private readonly RendezvousTable _rendezvous;
    private readonly ITimer _sweep;
    private readonly Lock _gate = new();
    private readonly List<string> _names = [];
    private readonly HashSet<IByteLink> _links = [];
    private readonly long[] _refused = new long[(int)RelayRefusal.BadRequest + 1];
    private long _connectionsTotal;
    private bool _isDraining;

    /// <summary>Makes a relay that answers to no name yet.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="time">The clock.</param>
    public RelayServer(RelayOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _sources = new(options, time);
        _exchange = new(options, _sources, time);
        _rendezvous = new(options.EntriesMax, time);
        Meter = RelayMeter.Of(this);
        _sweep = time.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
    }

    /// <summary>Its numbers as instruments: those of <see cref="GetMetrics"/>, read when somebody asks.</summary>
    public Meter Meter { get; }

    /// <summary>What it allows.</summary>
    public RelayOptions Options => _options;

    /// <summary>Whether it takes nobody in any more.</summary>
    public bool IsDraining
    {
        get
        {
            lock (_gate)
            {
                return _isDraining;
            }
        }
    }

    /// <summary>Lets devices log in that dialled the relay under this name.</summary>
    /// <param name="authority"><c>host:port</c>, lower case, with the port that devices dial.</param>
    /// <exception cref="InvalidOperationException">It has eight names already.</exception>
    public void AddName(string authority)
    {
        lock (_gate)
        {
            if (_names.Count >= NamesMax)
            {
                throw new InvalidOperationException($"A relay has at most {NamesMax} names; '{authority}' is one too many.");
            }

            _names.Add(authority);
        }
    }

    /// <summary>The relay as it is now.</summary>
    public RelayMetrics GetMetrics()
    {
        var (listeners, tunnels, tunnelsTotal, bytes) = _exchange.Counts;
        return new(
            IsDraining,
            _sources.Connections,
            Volatile.Read(ref _connectionsTotal),
            listeners,
            tunnels,
            tunnelsTotal,
            bytes,
            _rendezvous.Count,
            [.. Enum.GetValues<RelayRefusal>().Select(reason => (reason, Volatile.Read(ref _refused[(int)reason])))]);
    }

    /// <summary>Counts a network connection before anything is read from it: a flood should cost no more than that.</summary>
    /// <param name="source">As for <see cref="ServeAsync"/>.</param>
    /// <returns>
    /// False: close it unheard, there are more than twice <see cref="RelayOptions.ConnectsPerSourceSecond"/> or
    /// <see cref="RelayOptions.ConnectionsPerSourceMax"/>. After true, <see cref="CountDeparture"/> must follow.
    /// </returns>
    public bool CountArrival(string source) => _sources.Arrive(source) || Count(RelayRefusal.SourceBusy);

    /// <summary>A network connection that was counted is closed.</summary>
    /// <param name="source">As it was counted.</param>
    public void CountDeparture(string source) => _sources.Depart(source);

    /// <summary>Counts an HTTP request before it is answered.</summary>
    /// <param name="source">As for <see cref="ServeAsync"/>.</param>
    /// <returns>How long it must wait for its turn; null: refuse it and close the connection.</returns>
    public TimeSpan? CountRequest(string source)
    {
        var turn = _sources.Ask(source);
        _ = turn is not null || Count(RelayRefusal.SourceBusy);
        return turn;
    }

    /// <summary>Serves one connection to its end and disposes it.</summary>
    /// <param name="link">A fresh connection of a device.</param>
    /// <param name="source">What limits for one address count it under, such as <see cref="PeerAddress.Source"/>.</param>
    public async Task ServeAsync(IByteLink link, string source)
    {
        await using var owned = link;
        if ((IsDraining ? RelayRefusal.Draining : _sources.Enter(source)) is { } refusal)
        {
            await TryRefuseAsync(link, refusal);
            return;
        }

        lock (_gate)
        {
            _ = _links.Add(link);
            _connectionsTotal++;
        }

        try
        {
            if (await LogInAsync(link) is { } key)
            {
                await ObeyAsync(link, key, source);
            }
        }
        catch (RelayException)
        {
            await TryRefuseAsync(link, RelayRefusal.BadRequest);
        }
        catch (Exception fault) when (fault is TransportException or OperationCanceledException)
        {
            // The device is gone, or was too slow.
            link.Abort();
        }
        finally
        {
            _sources.Leave(source);
            lock (_gate)
            {
                _ = _links.Remove(link);
            }
        }
    }

    /// <summary>Takes nobody in any more, tells the listeners, and waits for the tunnels to end; after the limit they are cut.</summary>
    public async Task DrainAsync(TimeSpan limit)
    {
        lock (_gate)
        {
            _isDraining = true;
        }

        try
        {
            await _exchange.DrainAsync(LeavingSeconds, limit);
        }
        catch (TimeoutException)
        {
            // Both ends see a broken connection and look for another way.
        }

        IByteLink[] left;
        lock (_gate)
        {
            left = [.. _links];
        }

        foreach (var link in left)
        {
            link.Abort();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Meter.Dispose();
        return _sweep.DisposeAsync();
    }

    private async Task<DeviceKey?> LogInAsync(IByteLink link)
    {
        using var limit = new CancellationTokenSource(_options.AnswerLimit, _time);
        var challenge = RandomNumberGenerator.GetBytes(RelayFrame.TagBytes);
        await RelayFrameCodec.SendAsync(link, new RelayFrame.Hello(_time.GetUtcNow().ToUnixTimeMilliseconds(), challenge), limit.Token);
        if (await RelayFrameCodec.ReceiveAsync(link, limit.Token) is not RelayFrame.Auth auth)
        {
            throw new RelayException("The first frame of a device must be auth.");
        }

        if (Judge(auth, challenge) is { } reason)
        {
            await RefuseAsync(link, reason);
            return null;
        }

        await RelayFrameCodec.SendAsync(link, new RelayFrame.Ready(), limit.Token);
        return auth.RoutingKey;
    }

    private RelayRefusal? Judge(RelayFrame.Auth auth, byte[] challenge)
    {
        string[] names;
        lock (_gate)
        {
            names = [.. _names];
        }

        // The signature is over the name that the device dialled, so another relay can't pass it on here.
        return !Array.Exists(names, name => DeviceSignature.Verify(
                auth.RoutingKey, RelayAuth.Text(name, challenge, auth.Nonce.Span), auth.Signature.Span)) ? RelayRefusal.NotAuthenticated
            : _options.Allowed?.Contains(auth.RoutingKey) == false ? RelayRefusal.NotAllowed
            : null;
    }

    /// <summary>Does what a device that logged in asks: a tunnel takes the connection over, everything else may come again and again.</summary>
    private async Task ObeyAsync(IByteLink link, DeviceKey key, string source)
    {
        var allowance = new RelayAllowance(_options.TagsPerConnectionMax, _time);
        RelayTarget? target = null;
        var sending = Task.CompletedTask;
        try
        {
            while (true)
            {
                using var limit = new CancellationTokenSource(target is null ? _options.AnswerLimit : _options.SilenceLimit, _time);
                var frame = await RelayFrameCodec.ReceiveAsync(link, limit.Token);
                allowance.CountFrame();
                switch (frame)
                {
                    case null:
                        return;
                    case RelayFrame.Dial dial when target is null:
                        if (await _exchange.CallAsync(link, key, dial.RoutingKey, source) is { } refusal)
                        {
                            await RefuseAsync(link, refusal);
                        }

                        return;
                    case RelayFrame.Accept accept when target is null:
                        if (!await _exchange.TakeAsync(link, key, accept.Ticket, source))
                        {
                            await RefuseAsync(link, RelayRefusal.NobodyListens);
                        }

                        return;
                    case RelayFrame.Listen when target is null:
                        target = _exchange.StartListening(key, link);
                        _ = target.TrySend(new RelayFrame.Listening());
                        sending = target.RunAsync();
                        continue;
                }

                var answer = Answer(frame, key, allowance);
                if (answer is RelayFrame.Found found)
                {
                    // A question is much shorter than what is found.
                    await Task.Delay(_sources.Spend(source, found.Entries.Sum(static entry => entry.Length)), _time);
                }

                if (target is null)
                {
                    await RelayFrameCodec.SendAsync(link, answer, limit.Token);
                }
                else if (!target.TrySend(answer))
                {
                    return;
                }
            }
        }
        finally
        {
            if (target is not null)
            {
                _exchange.StopListening(target);
                await sending;
            }
        }
    }

    private RelayFrame Answer(RelayFrame frame, DeviceKey key, RelayAllowance allowance) => frame switch
    {
        RelayFrame.Announce announce => Announce(announce, key, allowance) ? new RelayFrame.Announced() : Refused(RelayRefusal.RelayBusy),
        RelayFrame.Lookup lookup => new RelayFrame.Found(_rendezvous.Find(lookup.Tag.Span)),
        RelayFrame.Ping ping => new RelayFrame.Pong(ping.Number),
        _ => throw new RelayException($"A device does not send {frame.GetType().Name} here."),
    };

    private bool Announce(RelayFrame.Announce announce, DeviceKey key, RelayAllowance allowance)
    {
        var lifetime = TimeSpan.FromSeconds(announce.Seconds);
        return allowance.TryCountTag(announce.Tag.Span, lifetime) && _rendezvous.TryAdd(announce.Tag.Span, key, announce.Sealed, lifetime);
    }

    private bool Count(RelayRefusal reason)
    {
        _ = Interlocked.Increment(ref _refused[(int)reason]);
        return false;
    }

    private RelayFrame.Refused Refused(RelayRefusal reason)
    {
        _ = Count(reason);
        return new(reason, reason == RelayRefusal.Draining ? LeavingSeconds : RetrySeconds);
    }

    private async ValueTask RefuseAsync(IByteLink link, RelayRefusal reason)
    {
        using var limit = new CancellationTokenSource(_options.AnswerLimit, _time);
        await RelayFrameCodec.SendAsync(link, Refused(reason), limit.Token);
        await link.EndAsync(limit.Token);
    }

    private async ValueTask TryRefuseAsync(IByteLink link, RelayRefusal reason)
    {
        try
        {
            await RefuseAsync(link, reason);
        }
        catch (Exception fault) when (fault is TransportException or OperationCanceledException)
        {
            link.Abort();
        }
    }

    private void Sweep()
    {
        _exchange.Sweep();
        _sources.Sweep();
        _rendezvous.Sweep();
    }
}
