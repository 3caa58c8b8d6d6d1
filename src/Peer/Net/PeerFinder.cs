using System.Net;
using Microsoft.Extensions.Logging;
using Replica.Peer.Store;
using Replica.Transport;
using Replica.Transport.Dialing;
using Replica.Transport.Discovery;
using Replica.Transport.Relay;

namespace Replica.Peer.Net;

/// <summary>Finds members on the local network and at relays, and lets itself be found by them. Any thread may call.</summary>
/// <param name="spaces">The spaces of the home.</param>
/// <param name="dialable">The direct addresses of this device.</param>
/// <param name="dialer">Gets the addresses that were found.</param>
/// <param name="onNetworkChanged">Called when interfaces came or went.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where it says what it can't do.</param>
internal sealed class PeerFinder(
    Func<IReadOnlyList<NetSpace>> spaces,
    Func<IReadOnlyList<PeerAddress>> dialable,
    PeerDialer dialer,
    Action onNetworkChanged,
    TimeProvider time,
    ILogger log)
    : IAsyncDisposable
{
    private static readonly TimeSpan LookupMin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookupMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(2);

    private readonly ReachKeys _keys = new(spaces);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskSet _tasks = new();
    private readonly Lock _gate = new();
    private readonly List<WakeSignal> _wakes = [];
    private LanService? _lan;
    private int _isStale;

    /// <summary>Discovery on the local network; null while it is off.</summary>
    public LanService? Lan
    {
        get
        {
            lock (_gate)
            {
                return _lan;
            }
        }
    }

    /// <summary>Starts discovery on the local network.</summary>
    /// <exception cref="TransportException">Its port can't be had.</exception>
    public async Task StartLanAsync(CancellationToken cancellationToken)
    {
        _ = await _keys.RefreshAsync(cancellationToken);
        lock (_gate)
        {
            _lan ??= LanService.Start(TagsOf, IsWanted, OnLanNews, onNetworkChanged, time);
            _lan.SetPort(LanPort);
        }

        _tasks.Add(KeepLanAsync(NewWake()));
    }

    /// <summary>Leaves word at a relay, and looks for what others left.</summary>
    public void AddRelay(RelayListener relay) => _tasks.Add(MeetAsync(relay, NewWake()));

    /// <summary>Looks for members of a space that was added, and lets itself be found by them.</summary>
    public void AddSpace(NetSpace space)
    {
        space.OnJoined = Hurry;
        _tasks.Add(WatchAsync(space));
        Hurry();
    }

    /// <summary>A space was added or joined, or a listener: looks and announces at once.</summary>
    public void Hurry()
    {
        lock (_gate)
        {
            _lan?.SetPort(LanPort);
            foreach (var wake in _wakes)
            {
                wake.Wake();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _tasks.DrainAsync();
        await (Lan?.DisposeAsync() ?? ValueTask.CompletedTask);
        _keys.Dispose();
        _stopping.Dispose();
    }

    /// <summary>The port at which members on the local network may dial; 0 if this device takes nobody from there.</summary>
    private int LanPort => dialable().OfType<PeerAddress.TcpHost>()
        .Where(static one => !IPAddress.TryParse(one.Host, out var ip) || !IPAddress.IsLoopback(ip))
        .Select(static one => one.Port).FirstOrDefault();

    private bool IsWanted(LanInterface one) =>
        LanPort == 0 || dialable().OfType<PeerAddress.TcpHost>().Any(bound => bound.Port == LanPort && LocalAddresses.Takes(bound, one));

    private IReadOnlyList<LanTag> TagsOf(string instance, bool isToAnnounce) => _keys.Use<IReadOnlyList<LanTag>>(keys =>
        [.. keys.Where(key => isToAnnounce ? key.IsAnnounced : key.IsSearched).Select(key => key.LanTagOf(instance))]);

    private void OnLanNews(LanSighting sighting, bool isGone)
    {
        var kind = sighting.IsHearsay ? CandidateKind.Hearsay : CandidateKind.Lan;
        if (isGone)
        {
            dialer.Remove(sighting.Address, kind);
        }
        else
        {
            PeerLog.SeenOnLan(log, sighting.Address);
            if (sighting.Beside is { } beside)
            {
                dialer.AddBeside(sighting.Address, kind, beside);
            }
            else
            {
                dialer.Add(sighting.Address, kind, null);
            }
        }
    }

    /// <summary>Whatever is written in a space may be an invitation.</summary>
    private async Task WatchAsync(NetSpace space)
    {
        using var watch = space.Store.Watch(() => Interlocked.Exchange(ref _isStale, 1));
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The network is being closed.
        }
    }

    private async Task KeepLanAsync(WakeSignal wake)
    {
        while (!_stopping.IsCancellationRequested)
        {
            var wasWoken = await wake.PauseAsync(RefreshInterval, _stopping.Token);
            if ((Interlocked.Exchange(ref _isStale, 0) == 1 || wasWoken) && await TryRefreshAsync())
            {
                Lan?.Hurry();
            }
        }
    }

    private async Task MeetAsync(RelayListener relay, WakeSignal wake)
    {
        var pause = LookupMin;
        var found = new HashSet<PeerAddress>();
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                await relay.Connected.WaitAsync(_stopping.Token);
                _ = await TryRefreshAsync();
                await TryMeetAsync(relay, found);

                var wasWoken = await wake.PauseAsync(pause, _stopping.Token);
                pause = wasWoken ? LookupMin : TimeSpan.FromTicks(Math.Min(LookupMax.Ticks, pause.Ticks * 2));
            }
        }
        catch (OperationCanceledException)
        {
            // The network is being closed.
        }
    }

    private async Task TryMeetAsync(RelayListener relay, HashSet<PeerAddress> found)
    {
        try
        {
            var route = (PeerAddress.RelayRoute)relay.Address;
            var now = time.GetUtcNow() + relay.Status.ClockAhead;
            var hour = (long)(now - DateTimeOffset.UnixEpoch).TotalHours;
            PeerAddress[] direct = [.. dialable().Where(static one => one is not PeerAddress.RelayRoute).SelectMany(LocalAddresses.ForOthers)];
            var text = new RendezvousEntry(route.RoutingKey, direct).ToText();
            foreach (var (tag, isSealed, lifetime) in _keys.Use(keys => Announcements(keys, relay.Authority, hour, text)))
            {
                _ = await relay.AnnounceAsync(tag, lifetime, isSealed, _stopping.Token);
            }

            var seen = new HashSet<PeerAddress>();
            foreach (var tag in _keys.Use<IReadOnlyList<byte[]>>(keys =>
                [.. keys.Where(static key => key.IsSearched).Select(key => key.RelayTagOf(relay.Authority, hour))]))
            {
                var sealedEntries = await relay.LookupAsync(tag, _stopping.Token);
                var entries = _keys.Use<IReadOnlyList<RendezvousEntry>>(keys => Open(keys, sealedEntries, tag));
                foreach (var entry in entries.Where(entry => entry.RoutingKey != route.RoutingKey))
                {
                    PeerAddress[] addresses = [.. entry.Addresses, route.To(entry.RoutingKey)];
                    dialer.AddTogether(addresses, CandidateKind.Rendezvous);
                    seen.UnionWith(addresses);
                }
            }

            foreach (var gone in found.Except(seen))
            {
                dialer.Remove(gone, CandidateKind.Rendezvous);
            }

            found.Clear();
            found.UnionWith(seen);
        }
        catch (TransportException)
        {
            // The relay is lost: its listener comes back to it, and this with it.
        }
    }

    /// <summary>This hour's tags, and the next one's, for those whose relay clock is a moment ahead when they ask.</summary>
    private static List<(byte[] Tag, byte[] Sealed, TimeSpan Lifetime)> Announcements(
        IReadOnlyList<ReachKey> keys, string authority, long hour, byte[] text) =>
    [
        .. from key in keys
           where key.IsAnnounced
           from offset in Enumerable.Range(0, 2)
           let tag = key.RelayTagOf(authority, hour + offset)
           select (tag, key.Seal(text, tag), TimeSpan.FromHours(1 + offset)),
    ];

    private static List<RendezvousEntry> Open(IReadOnlyList<ReachKey> keys, IReadOnlyList<ReadOnlyMemory<byte>> entries, byte[] tag) =>
    [
        .. from entry in entries
           let text = keys.Select(key => key.TryOpen(entry.Span, tag)).FirstOrDefault(static opened => opened is not null)
           where text is not null
           let read = RendezvousEntry.TryRead(text)
           where read is not null
           select read,
    ];

    /// <returns>Whether anything has changed.</returns>
    private async Task<bool> TryRefreshAsync()
    {
        try
        {
            return await _keys.RefreshAsync(_stopping.Token);
        }
        catch (Exception fault) when (fault is StoreException or OperationCanceledException)
        {
            // The store's own user hears of it; here the old keys do.
            return false;
        }
    }

    private WakeSignal NewWake()
    {
        var wake = new WakeSignal(time);
        lock (_gate)
        {
            _wakes.Add(wake);
        }

        return wake;
    }
}
