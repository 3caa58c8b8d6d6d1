using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Peer.Sync;

namespace Replica.Tests.Properties.Sync.Session;

/// <summary>A store and the sessions that it feeds.</summary>
internal sealed class SyncReplica
{
    private readonly SyncWorld _world;
    private uint _logs;

    public SyncReplica(SyncWorld world, LogId own)
    {
        _world = world;
        Own = own;
        Store = new(world.Chance.Fork(), () => world.UnixMilliseconds);
        Tree = world.HasTrees ? new(world.Options) : null;
    }

    public LogId Own { get; }

    public FakeStore Store { get; }

    public BroadcastTree? Tree { get; set; }

    public RefusalMemory Refusals { get; } = new();

    public List<SyncSide> Sides { get; } = [];

    /// <summary>A log of its own besides the first.</summary>
    public LogId NewLog() => new((Own.Value << 32) + ++_logs);

    public SignedRun Write(LogId? log = null, int changes = 1, int bytes = 20, RunVerdict fault = RunVerdict.Applied, long notBefore = 0)
    {
        var run = Store.Write(log ?? Own, changes, bytes, fault, notBefore);
        Announce();
        return run;
    }

    public ApplyReport Apply(IReadOnlyList<SignedRun> runs)
    {
        var report = Store.Apply(runs);
        Announce();
        return report;
    }

    private void Announce()
    {
        foreach (var side in Sides.ToArray())
        {
            _world.Soon(() => side.Feed(session => session.OnDurable(Store.Durable)));
        }
    }
}
