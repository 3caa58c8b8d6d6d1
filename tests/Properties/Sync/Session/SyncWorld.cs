using Replica.Crdt.Causality;
using Replica.Peer.Sync;
using Replica.Testing;

namespace Replica.Tests.Properties.Sync.Session;

/// <summary>Replicas, links between them, and one queue of events in virtual time: all chance comes from one seed.</summary>
internal sealed class SyncWorld(Chance chance, SyncOptions? options = null, bool hasTrees = false)
{
    private const long Epoch = 1_700_000_000_000;

    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new();
    private long _order;

    public Chance Chance { get; } = chance;

    public SyncOptions Options { get; } = options ?? new();

    /// <summary>Whether the sessions of a replica share a broadcast tree.</summary>
    public bool HasTrees => hasTrees;

    public TimeSpan Now { get; private set; }

    public long UnixMilliseconds => Epoch + (long)Now.TotalMilliseconds;

    public List<SyncReplica> Replicas { get; } = [];

    public SyncReplica Add()
    {
        var replica = new SyncReplica(this, new(new LogId((UInt128)(uint)Replicas.Count + 1).Value));
        Replicas.Add(replica);
        return replica;
    }

    public SyncLink Connect(SyncReplica a, SyncReplica b) => new(this, a, b);

    /// <summary>After a random while of at most so many milliseconds; without one the order of events is still random.</summary>
    public void Soon(Action action, int millisecondsMax = 40) => After(TimeSpan.FromMilliseconds(Chance.Below(millisecondsMax)), action);

    public void After(TimeSpan delay, Action action) => _events.Enqueue(action, (Now + delay, _order++));

    public void RunFor(TimeSpan span)
    {
        var end = Now + span;
        while (_events.TryPeek(out _, out var due) && due.At <= end)
        {
            Now = due.At;
            _events.Dequeue()();
        }

        Now = end;
    }
}
