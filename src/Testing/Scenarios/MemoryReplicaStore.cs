using Replica.Peer.Store;
using Replica.Peer.Store.Memory;

namespace Replica.Testing.Scenarios;

/// <summary>A store in memory: what was committed outlives the ledger over it.</summary>
internal sealed class MemoryReplicaStore : ReplicaStore
{
    private readonly MemoryEngine _engine = new();

    public override IStoreEngine Engine => _engine;

    public override void Restart()
    {
    }

    public override void Crash() => _engine.Rollback();

    public override void Dispose() => _engine.Dispose();
}
