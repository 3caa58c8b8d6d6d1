using System.Buffers;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Peer.Sync;

namespace Replica.Testing.World;

/// <summary>One replica's side of a link: a real session whose effects are events of the world.</summary>
internal sealed class SyncEndpoint : ISyncEffects
{
    private readonly SimulatedWorld _world;
    private readonly SimulatedLink _link;
    private readonly SimulatedReplica _replica;
    private readonly Dictionary<SyncTimer, int> _timers = [];
    private long _lastArrival;

    public SyncEndpoint(SimulatedWorld world, SimulatedLink link, SimulatedReplica replica)
    {
        _world = world;
        _link = link;
        _replica = replica;
        Session = new(this, new SyncOptions { WindowBytes = 16 * 1024, PageBytes = 4 * 1024, QueuedBytesMax = 8 * 1024 }, replica.Tree);
    }

    public SyncSession Session { get; }

    public SimulatedReplica Replica => _replica;

    public int QueuedBytes { get; private set; }

    public long UnixMilliseconds => _replica.LocalTime;

    public void Start() => Session.Start(_replica.Ledger.Positions());

    /// <summary>As on a stream: whole and in order, or never.</summary>
    public void Send(SyncMessage message)
    {
        var output = new ArrayBufferWriter<byte>();
        SyncMessageCodec.Write(output, message, isPacked: _world.Chance.Percent(50));
        var bytes = output.WrittenSpan.ToArray();
        QueuedBytes += bytes.Length;
        _lastArrival = Math.Max(_lastArrival, _world.Time.Now + _world.Chance.Between(1, _link.DelayMillisecondsMax));
        Later(_lastArrival - _world.Time.Now, () =>
        {
            QueuedBytes -= bytes.Length;
            _link.Other(this).Session.OnMessage(SyncMessageCodec.Read(bytes));
            Session.OnDrained();
        });
    }

    public void ReadRuns(RunQuery query) => Later(_world.Chance.Below(5), () =>
    {
        using var reader = _replica.Engine.OpenReader();
        Session.OnRuns(reader.ReadRuns(query));
    });

    public void Apply(IReadOnlyList<SignedRun> runs) => Later(_world.Chance.Below(20), () =>
    {
        var results = _replica.Apply(_link.Other(this).Replica, runs);
        Session.OnApplied(new(results, _replica.Ledger.Positions()));
    });

    public void StartTimer(SyncTimer timer, TimeSpan delay)
    {
        var generation = _timers[timer] = _timers.GetValueOrDefault(timer) + 1;
        Later((long)delay.TotalMilliseconds, () =>
        {
            if (_timers[timer] == generation)
            {
                Session.OnTimer(timer);
            }
        });
    }

    public void Close(SyncCloseReason reason, string text) => throw new SimulationException(
        $"{_replica} closes its session with {_link.Other(this).Replica}, who is honest: {reason}, {text}");

    private void Later(long milliseconds, Action action) => _world.Time.After(milliseconds, () =>
    {
        if (_link.IsUp)
        {
            action();
        }
    });
}
