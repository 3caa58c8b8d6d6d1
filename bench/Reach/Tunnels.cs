using System.Globalization;
using System.Net;
using Replica.Bench.Sync;
using Replica.Transport;
using Replica.Transport.Crypto;
using Replica.Transport.Links;
using Replica.Transport.Relay;

namespace Replica.Bench.Reach;

/// <summary>A relay in a process of its own, and tunnels through it from this process to this process: bare, without the pipes of a connection.</summary>
internal sealed class Tunnels : IAsyncDisposable
{
    /// <summary>Tunnels to one listener; a relay allows 64.</summary>
    private const int PerListener = 50;

    private ChildProcess? _relay;
    private readonly DeviceKeyPair _dialling = DeviceKeyPair.Create();
    private readonly RelayDialer[] _dialers;
    private readonly List<DeviceKeyPair> _listening = [];
    private readonly List<IByteLink> _listeners = [];
    private readonly List<(IByteLink Dialled, IByteLink Accepted)> _pairs = [];
    private PeerAddress.RelayRoute? _route;

    /// <summary>Makes them.</summary>
    /// <param name="from">The addresses of this machine that they come from in turn; none for any.</param>
    public Tunnels(params IEnumerable<IPAddress> from)
    {
        RelayDialer[] dialers = [.. from.Select(one => new RelayDialer(_dialling, static _ => null, TimeProvider.System, one))];
        _dialers = dialers.Length > 0 ? dialers : [new RelayDialer(_dialling, static _ => null, TimeProvider.System)];
    }

    /// <summary>Both ends of each.</summary>
    public IReadOnlyList<(IByteLink Dialled, IByteLink Accepted)> Pairs => _pairs;

    /// <summary>Starts a relay and waits until it is there.</summary>
    /// <param name="isLimited">Whether the limits for one source are those that a relay has unless told otherwise; else there are none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its address.</returns>
    public async Task<string> StartAsync(bool isLimited, CancellationToken cancellationToken)
    {
        _relay = ChildProcess.Start("relay", isLimited ? "limited" : "unlimited");
        var address = await _relay.HearAsync(cancellationToken);
        Use(address);
        return address;
    }

    /// <summary>Uses a relay that another made.</summary>
    public void Use(string relay)
    {
        if (!PeerAddress.RelayRoute.TryParseRelay(relay, out _route, out var error))
        {
            throw new InvalidOperationException(error);
        }
    }

    /// <summary>Opens tunnels; a byte goes through each.</summary>
    public async Task OpenAsync(int count, CancellationToken cancellationToken)
    {
        var one = new byte[1];
        while (_pairs.Count < count)
        {
            if (_pairs.Count % PerListener == 0)
            {
                await ListenAsync(cancellationToken);
            }

            var dialer = _dialers[_pairs.Count % _dialers.Length];
            var (dialled, _, _) = await dialer.LogInAsync(_route!, _dialling, cancellationToken);
            var opening = dialer.OpenTunnelAsync(dialled, _route!, new RelayFrame.Dial(_listening[^1].PublicKey), cancellationToken);
            var accepted = await AcceptAsync(dialer, cancellationToken);
            await opening;
            _pairs.Add((dialled, accepted));
            await dialled.SendAsync(one, cancellationToken);
            _ = await accepted.ReceiveAsync(one, cancellationToken);
        }
    }

    /// <summary>The relay's resident memory in bytes.</summary>
    public async Task<long> MemoryAsync(CancellationToken cancellationToken)
    {
        _relay!.Say("memory");
        return long.Parse(await _relay.HearAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var link in _pairs.SelectMany(static pair => new[] { pair.Dialled, pair.Accepted }).Concat(_listeners))
        {
            link.Abort();
            await link.DisposeAsync();
        }

        Array.ForEach(_dialers, static dialer => dialer.Dispose());
        _dialling.Dispose();
        _listening.ForEach(static key => key.Dispose());
        if (_relay is not null)
        {
            await _relay.DisposeAsync();
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        _listening.Add(DeviceKeyPair.Create());
        var (link, _, _) = await _dialers[_listening.Count % _dialers.Length].LogInAsync(_route!, _listening[^1], cancellationToken);
        _listeners.Add(link);
        await RelayFrameCodec.SendAsync(link, new RelayFrame.Listen(), cancellationToken);
        _ = await RelayFrameCodec.ReceiveAsync(link, cancellationToken) as RelayFrame.Listening ?? throw new InvalidOperationException("Nobody listens.");
    }

    private async Task<IByteLink> AcceptAsync(RelayDialer dialer, CancellationToken cancellationToken)
    {
        var incoming = await RelayFrameCodec.ReceiveAsync(_listeners[^1], cancellationToken) as RelayFrame.Incoming
            ?? throw new InvalidOperationException("Nobody dialled.");
        var (link, _, _) = await dialer.LogInAsync(_route!, _listening[^1], cancellationToken);
        await dialer.OpenTunnelAsync(link, _route!, new RelayFrame.Accept(incoming.Ticket), cancellationToken);
        return link;
    }
}
