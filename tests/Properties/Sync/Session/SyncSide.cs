using System.Buffers;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Peer.Sync;
using Xunit;

namespace Replica.Tests.Properties.Sync.Session;

/// <summary>One end of a link: carries out what its session asks, each after a random while.</summary>
internal sealed class SyncSide : ISyncEffects
{
    private readonly SyncWorld _world;
    private readonly SyncReplica _replica;
    private readonly SyncLink _link;
    private readonly Dictionary<SyncTimer, int> _timers = [];
    private TimeSpan _lastDelivery;
    private bool _isReading;
    private bool _isApplying;
    private bool _isLocating;

    public SyncSide(SyncWorld world, SyncReplica replica, SyncLink link)
    {
        _world = world;
        _replica = replica;
        _link = link;
        Session = new(this, world.Options, replica.Tree, replica.Refusals);
        replica.Sides.Add(this);
    }

    public SyncSession Session { get; }

    public SyncReplica Replica => _replica;

    public SyncStatus Status => Session.Status;

    public int QueuedBytes { get; private set; }

    public long UnixMilliseconds => _world.UnixMilliseconds;

    /// <summary>All that was sent, in order.</summary>
    public List<SyncMessage> Sent { get; } = [];

    /// <summary>How many runs came and what became of them.</summary>
    public List<(SignedRun Run, RunVerdict Verdict)> Verdicts { get; } = [];

    public SyncCloseReason? Closed { get; private set; }

    public void Begin() => Session.Start(_replica.Store.Durable);

    public void End()
    {
        Session.End();
        _ = _replica.Sides.Remove(this);
    }

    public void Feed(Action<SyncSession> input)
    {
        if (!_link.IsCut)
        {
            input(Session);
        }
    }

    public void Send(SyncMessage message)
    {
        Sent.Add(message);
        var output = new ArrayBufferWriter<byte>();
        SyncMessageCodec.Write(output, message, _world.Options.Compress);
        Assert.True(output.WrittenCount <= SyncLimits.BodyBytesMax);
        QueuedBytes += output.WrittenCount;
        var due = _world.Now + TimeSpan.FromMilliseconds(_world.Chance.Below(40));
        _lastDelivery = due > _lastDelivery ? due : _lastDelivery;
        _world.After(_lastDelivery - _world.Now, () => Deliver(output.WrittenMemory));
    }

    public void ReadRuns(RunQuery query)
    {
        Assert.False(_isReading, "one page is outstanding already");
        _isReading = true;
        _world.Soon(() =>
        {
            var page = _replica.Store.Read(query);
            _world.Soon(() => Feed(session =>
            {
                _isReading = false;
                session.OnRuns(page);
            }));
        });
    }

    public void Locate(PlaceQuery query)
    {
        Assert.False(_isLocating, "one question is outstanding already");
        _isLocating = true;
        _world.Soon(() =>
        {
            var report = _replica.Store.Locate(query);
            _world.Soon(() => Feed(session =>
            {
                _isLocating = false;
                session.OnLocated(report);
            }));
        });
    }

    public void Apply(IReadOnlyList<SignedRun> runs)
    {
        Assert.False(_isApplying, "one batch is outstanding already");
        _isApplying = true;
        _world.Soon(() =>
        {
            var report = _replica.Apply(runs);
            Verdicts.AddRange(runs.Zip(report.Results, static (run, result) => (run, result.Verdict)));
            _world.Soon(() => Feed(session =>
            {
                _isApplying = false;
                session.OnApplied(report);
            }));
        });
    }

    public void StartTimer(SyncTimer timer, TimeSpan delay)
    {
        var number = _timers[timer] = _timers.GetValueOrDefault(timer) + 1;
        _world.After(delay, () =>
        {
            if (_timers[timer] == number)
            {
                Feed(session => session.OnTimer(timer));
            }
        });
    }

    public void Close(SyncCloseReason reason, string text)
    {
        Closed = reason;
        _world.After(TimeSpan.Zero, _link.Cut);
    }

    private void Deliver(ReadOnlyMemory<byte> body)
    {
        QueuedBytes -= body.Length;
        if (_link.IsCut || _link.IsSilent)
        {
            return;
        }

        _link.Other(this).Feed(session => session.OnMessage(SyncMessageCodec.Read(body)));
        _link.CountDelivery();
        Feed(static session => session.OnDrained());
    }
}
