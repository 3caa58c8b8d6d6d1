using System.Buffers;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Peer.Store;
using Replica.Peer.Sync;

namespace Replica.Peer.Net;

/// <summary>Carries out what a sync session decides on an admitted channel. Everything happens under the session's lock.</summary>
internal sealed class SyncChannel : ISyncEffects
{
    private readonly PeerSession _session;
    private readonly int _channel;
    private readonly NetSpace _space;
    private readonly ILogger _log;
    private readonly SyncSession _sync;
    private readonly IDisposable _watch;
    private readonly Channel<RunQuery> _queries = Channel.CreateBounded<RunQuery>(1);
    private readonly Channel<IReadOnlyList<SignedRun>> _arrivals = Channel.CreateBounded<IReadOnlyList<SignedRun>>(1);
    private readonly Channel<bool> _grown = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Dictionary<SyncTimer, ITimer> _timers = [];
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
        _sync = new(this, new SyncOptions { Compress = IsPacked }, isAnnounced ? space.Tree : null);
        var store = space.Store;
        _watch = store.Watch(() => _grown.Writer.TryWrite(true));
        session.Tasks.Add(session.Guard.WatchAsync(TellStoreFaultAsync(AnswerQueriesAsync(store))));
        session.Tasks.Add(session.Guard.WatchAsync(TellStoreFaultAsync(ApplyArrivalsAsync(store))));
        session.Tasks.Add(session.Guard.WatchAsync(TellStoreFaultAsync(TellGrowthAsync(store))));
    }

    long ISyncEffects.UnixMilliseconds => _session.Time.GetUtcNow().ToUnixTimeMilliseconds();

    int ISyncEffects.QueuedBytes => _isClosed ? 0 : _session.Channels.QueuedBytes(_channel);

    private bool IsPacked => _space.IsCompressed && (_session.Features & SyncFeatures.Packed) != 0;

    /// <summary>Begins.</summary>
    public void Start() => _sync.Start(_space.Store.Durable);

    /// <summary>Takes one message.</summary>
    public void OnMessage(ReadOnlyMemory<byte> body)
    {
        _unconsumed += body.Length;
        _sync.OnMessage(SyncMessageCodec.Read(body));
        ConsumeIfIdle();
    }

    /// <summary>Something of the session was sent: the queue may have room again.</summary>
    public void OnSent()
    {
        if (!_isClosed)
        {
            _sync.OnDrained();
        }
    }

    /// <summary>The channel is over.</summary>
    public void OnClosed()
    {
        _isClosed = true;
        _sync.End();
        _watch.Dispose();
        foreach (var timer in _timers.Values)
        {
            timer.Dispose();
        }

        _ = _queries.Writer.TryComplete();
        _ = _arrivals.Writer.TryComplete();
        _ = _grown.Writer.TryComplete();
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
                .. status.Refused.Select(static refusal => $"not taken here: {Describe(refusal)}"),
                .. status.RefusedByPeer.Select(static refusal => $"not taken by the peer: {Describe(refusal)}"),
            ]);
    }

    void ISyncEffects.Send(SyncMessage message)
    {
        if (_isClosed)
        {
            return;
        }

        _encoded.ResetWrittenCount();
        SyncMessageCodec.Write(_encoded, message, IsPacked);
        _session.Channels.Send(_channel, _encoded.WrittenSpan);
        _session.SignalOutgoing();
    }

    void ISyncEffects.ReadRuns(RunQuery query) => _ = _queries.Writer.TryWrite(query);

    void ISyncEffects.Apply(IReadOnlyList<SignedRun> runs)
    {
        _isBusy = true;
        _ = _arrivals.Writer.TryWrite(runs);
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

    private static string Describe(SyncRefusal refusal) =>
        $"{refusal.At.Dot} {refusal.Reason}{(refusal.Detail.Length > 0 ? $" ({refusal.Detail})" : "")}";

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

    private async Task AnswerQueriesAsync(SpaceStore store)
    {
        await foreach (var query in _queries.Reader.ReadAllAsync(_session.Ended))
        {
            RunPage page;
            // Readers see what is committed; what goes out must be on disk as well, or a power cut could make two histories.
            var durable = query with { ThroughArrival = store.DurableArrival };
            using (var reader = store.OpenReader())
            {
                page = reader.ReadRuns(durable);
            }

            lock (_session.Gate)
            {
                if (!_isClosed)
                {
                    _sync.OnRuns(page);
                }
            }

            _session.SignalOutgoing();
        }
    }

    private async Task ApplyArrivalsAsync(SpaceStore store)
    {
        await foreach (var runs in _arrivals.Reader.ReadAllAsync(_session.Ended))
        {
            var report = await store.ApplyAsync(runs, _session.Ended);
            foreach (var result in report.Results)
            {
                if (result.Verdict is not (RunVerdict.Applied or RunVerdict.Known))
                {
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
                    ConsumeIfIdle();
                }
            }

            _session.SignalOutgoing();
        }
    }

    private async Task TellGrowthAsync(SpaceStore store)
    {
        await foreach (var _ in _grown.Reader.ReadAllAsync(_session.Ended))
        {
            lock (_session.Gate)
            {
                if (!_isClosed)
                {
                    _sync.OnDurable(store.Durable);
                }
            }

            _session.SignalOutgoing();
        }
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
