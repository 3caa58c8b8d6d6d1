using System.Buffers;
using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Peer.Store;
using Replica.Peer.Sync;
using Replica.Transport;

namespace Replica.Peer.Net;

/// <summary>Carries out what a sync session decides on an admitted channel. Everything happens under the session's lock.</summary>
internal sealed class SyncChannel : ISyncEffects
{
    /// <summary>Of how many places the log says that a peer does not take them; further ones only the status shows.</summary>
    private const int RefusalsToldMax = 64;

    private readonly PeerSession _session;
    private readonly int _channel;
    private readonly NetSpace _space;
    private readonly ILogger _log;
    private readonly SyncSession _sync;
    private readonly IDisposable _watch;
    private readonly Channel<PlaceQuery> _places = Channel.CreateBounded<PlaceQuery>(1);
    private readonly Channel<bool> _work = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Dictionary<SyncTimer, ITimer> _timers = [];
    private readonly PresenceChannel _presence;
    private readonly IDisposable _presenceWatch;
    private readonly HashSet<Position> _toldRefusals = [];
    private ITimer? _presenceTimer;
    private RunQuery? _query;
    private IReadOnlyList<Position>? _toldDurable;
    private readonly ArrayBufferWriter<byte> _encoded = new();
    private int _unconsumed;
    private bool _isBusy;
    private bool _isClosed;

    public SyncChannel(PeerSession session, int channel, NetSpace space, ILogger log)
    {
        _session = session;
        _channel = channel;
        _space = space;
        _log = log;
        var isAnnounced = (session.Features & SyncFeatures.Announced) != 0;
        _sync = new(this, new SyncOptions { Compress = IsPacked }, isAnnounced ? space.Tree : null, space.Refusals);
        _presence = new(space.Presences, session.Device, session.Time, SendPresence);
        _presenceWatch = space.Presences.Watch(() => _work.Writer.TryWrite(true));
        space.Peers.Join(this);
        var store = space.Store;
        _watch = store.Watch(() => _work.Writer.TryWrite(true));
        session.Tasks.Add(session.Guard.WatchAsync(TellStoreFaultAsync(StreamAsync(store))));
        session.Tasks.Add(session.Guard.WatchAsync(TellStoreFaultAsync(LocateAsync(store))));
    }

    long ISyncEffects.UnixMilliseconds => _session.Time.GetUtcNow().ToUnixTimeMilliseconds();

    int ISyncEffects.QueuedBytes => _isClosed ? 0 : _session.Channels.QueuedBytes(_channel);

    private bool IsPacked => _space.IsCompressed && (_session.Features & SyncFeatures.Packed) != 0;

    /// <summary>The device at the other end.</summary>
    public DeviceKey Device => _session.Device;

    /// <summary>Begins.</summary>
    public void Start()
    {
        _sync.Start(_space.Store.Durable);
        PushPresence();
    }

    /// <summary>Takes one message.</summary>
    public void OnMessage(ReadOnlyMemory<byte> body)
    {
        _unconsumed += body.Length;
        var message = SyncMessageCodec.Read(body);
        if (message is SyncMessage.Presence presence && !_presence.TryTake(presence))
        {
            _session.End(GoAwayReason.Fault, "the peer says more of itself than ten times a second");
            return;
        }

        _sync.OnMessage(message);
        Tell(message);
        ConsumeIfIdle();
    }

    /// <summary>Something of the session was sent: the queue may have room again.</summary>
    public void OnSent()
    {
        if (_isClosed || _session.Channels.QueuedBytes(_channel) == 0)
        {
            _session.SetWaiting(this, false);
        }

        if (!_isClosed)
        {
            _sync.OnDrained();
        }
    }

    /// <summary>What is known of the peer's copy of the space.</summary>
    public KnownPeer Describe()
    {
        lock (_session.Gate)
        {
            var status = _sync.Status;
            return new(_session.Address.ToString(), status.TheirPositions, status.RefusedByPeer, _session.LastHeard);
        }
    }

    /// <summary>How many changes the peer has and how many of them we lack; null until it has told all.</summary>
    public (long TheyHave, long WeLack)? Reach()
    {
        lock (_session.Gate)
        {
            return _sync.Status is { Phase: SyncPhase.CatchingUp or SyncPhase.Live } status ? (status.TheyHave, status.WeLack) : null;
        }
    }

    /// <summary>The channel is over.</summary>
    public void OnClosed()
    {
        if (_isClosed)
        {
            return;
        }

        _space.Peers.Leave(this, Device, Describe());
        _isClosed = true;
        _presenceWatch.Dispose();
        _presenceTimer?.Dispose();
        _sync.End();
        _watch.Dispose();
        foreach (var timer in _timers.Values)
        {
            timer.Dispose();
        }

        _ = _places.Writer.TryComplete();
        _ = _work.Writer.TryComplete();
    }

    /// <summary>The space as it is between the two.</summary>
    public PeerSpaceStatus GetStatus()
    {
        var status = _sync.Status;
        return new(
            _space.Name,
            status.InSync,
            status.TheyLack,
            status.WeLack,
            [
                .. status.Refused.Select(static refusal => $"not taken here: {refusal.At.Dot} {RefusalText.Of(refusal)}"),
                .. status.RefusedByPeer.Select(static refusal => $"not taken by the peer: {refusal.At.Dot} {RefusalText.Of(refusal)}"),
            ])
        {
            Phase = status.Phase,
            IsPushing = status.IsPushing,
        };
    }

    void ISyncEffects.Send(SyncMessage message)
    {
        if (_isClosed)
        {
            return;
        }

        _encoded.ResetWrittenCount();
        SyncMessageCodec.Write(_encoded, message, IsPacked);
        _ = _session.Channels.Send(_channel, _encoded.WrittenSpan);
        _session.SetWaiting(this, true);
        _session.SignalOutgoing();
    }

    void ISyncEffects.ReadRuns(RunQuery query)
    {
        _ = Interlocked.Exchange(ref _query, query);
        _ = _work.Writer.TryWrite(true);
    }

    void ISyncEffects.Locate(PlaceQuery query) => _ = _places.Writer.TryWrite(query);

    void ISyncEffects.Apply(IReadOnlyList<SignedRun> runs)
    {
        // Begun here, so that what came waits in the writer's queue already when the lock is let go.
        _isBusy = true;
        _session.Tasks.Add(_session.Guard.WatchAsync(TellStoreFaultAsync(TakeAsync(_space.Store, runs))));
    }

    void ISyncEffects.StartTimer(SyncTimer timer, TimeSpan delay)
    {
        if (_timers.Remove(timer, out var running))
        {
            running.Dispose();
        }

        _timers[timer] = _session.Time.CreateTimer(_ => _session.Guard.Try(() => OnTimer(timer)), null, delay, Timeout.InfiniteTimeSpan);
    }

    void ISyncEffects.Close(SyncCloseReason reason, string text) => _session.End(GoAwayReason.Fault, text);

    private void SendPresence(SyncMessage.Presence presence) => ((ISyncEffects)this).Send(presence);

    private void PushPresence()
    {
        if (!_isClosed && _presence.Push() is { } delay)
        {
            _presenceTimer?.Dispose();
            _presenceTimer = _session.Time.CreateTimer(_ => _session.Guard.Try(PushPresence), null, delay, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Who writes here is told once of each place that a peer does not take, in the log; the status goes on telling.</summary>
    private void Tell(SyncMessage message)
    {
        var refusal = message switch
        {
            SyncMessage.Hold hold => new SyncRefusal(hold.At, hold.Reason, hold.Until, ""),
            SyncMessage.Reject reject => new SyncRefusal(reject.At, reject.Reason, null, ""),
            _ => null,
        };
        if (refusal is not null && _toldRefusals.Count < RefusalsToldMax && _toldRefusals.Add(refusal.At))
        {
            PeerLog.RefusedByPeer(_log, _session.Address, _space.Name, refusal.At.Log.ToString(), refusal.At.Seq, RefusalText.Of(refusal));
        }
    }

    private void OnTimer(SyncTimer timer)
    {
        if (!_isClosed)
        {
            _sync.OnTimer(timer);
        }
    }

    /// <summary>Credit goes back to the sender as its runs are applied, so that a slow disk slows the sender.</summary>
    private void ConsumeIfIdle()
    {
        if (!_isBusy && _unconsumed > 0 && !_isClosed)
        {
            _session.Channels.Consumed(_channel, _unconsumed);
            _unconsumed = 0;
        }
    }

    /// <summary>Tells what grew and reads what is asked for, in one task: a change that was committed here is on its way after one wake.</summary>
    private async Task StreamAsync(SpaceStore store)
    {
        await foreach (var _ in _work.Reader.ReadAllAsync(_session.Ended))
        {
            RunQuery? query;
            do
            {
                lock (_session.Gate)
                {
                    TellGrowth(store.Durable);
                }

                query = Interlocked.Exchange(ref _query, null);
                if (query is not null)
                {
                    Take(store.ReadRuns(query));
                }

                _session.SignalOutgoing();
            }
            while (query is not null);
        }
    }

    private void TellGrowth(IReadOnlyList<Position> durable)
    {
        if (!_isClosed && !ReferenceEquals(durable, _toldDurable))
        {
            _toldDurable = durable;
            _sync.OnDurable(durable);
        }

        PushPresence();
    }

    private void Take(RunPage page)
    {
        foreach (var end in page.Damaged)
        {
            PeerLog.NotServed(_log, _space.Name, end.ToString());
        }

        lock (_session.Gate)
        {
            if (!_isClosed)
            {
                _sync.OnRuns(page);
            }
        }
    }

    /// <summary>All that the peer told is here: what it knew of this device's own log too.</summary>
    private void TellKnown()
    {
        if (!_space.FirstWrite.IsKnown && _sync.Status is { Phase: SyncPhase.CatchingUp or SyncPhase.Live, WeLack: 0 })
        {
            _space.FirstWrite.OnKnown();
        }
    }

    private async Task LocateAsync(SpaceStore store)
    {
        await foreach (var query in _places.Reader.ReadAllAsync(_session.Ended))
        {
            var report = await store.LocateAsync(query, _session.Ended);
            lock (_session.Gate)
            {
                if (!_isClosed)
                {
                    _sync.OnLocated(report);
                    TellKnown();
                }
            }

            _session.SignalOutgoing();
        }
    }

    private async Task TakeAsync(SpaceStore store, IReadOnlyList<SignedRun> runs)
    {
        var report = await ApplyAsync(store, runs);
        foreach (var (run, result) in runs.Zip(report.Results))
        {
            if (result.Verdict == RunVerdict.Applied)
            {
                _space.Pace.Add(run.Changes.Count, _session.Time);
            }

            if (result.Verdict is not (RunVerdict.Applied or RunVerdict.Known))
            {
                _space.Telemetry?.OnRefused(result.Code);
                PeerLog.NotApplied(_log, _space.Name, _session.Address, result.Verdict.ToString(), result.Detail);
            }
        }

        lock (_session.Gate)
        {
            if (!_isClosed)
            {
                _isBusy = false;
                var done = Math.Min(_unconsumed, runs.Sum(static run => run.Changes.Sum(static change => change.Length)));
                _session.Channels.Consumed(_channel, done);
                _unconsumed -= done;
                _sync.OnApplied(report);
                TellKnown();
                ConsumeIfIdle();
            }
        }

        _session.SignalOutgoing();
    }

    private async Task<ApplyReport> ApplyAsync(SpaceStore store, IReadOnlyList<SignedRun> runs)
    {
        using var activity = _space.Telemetry?.Start("replica.apply", ActivityKind.Consumer);
        _ = activity?.SetTag("replica.runs", runs.Count);
        return await store.ApplyAsync(runs, _session.Ended);
    }

    private async Task TellStoreFaultAsync(Task loop)
    {
        try
        {
            await loop;
        }
        catch (StoreException fault)
        {
            PeerLog.StoreFailed(_log, _space.Name, fault.Message);
            _session.End(GoAwayReason.Stopping, fault.Message);
        }
    }
}
