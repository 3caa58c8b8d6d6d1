using System.Diagnostics;
using Replica.Peer.Store;
using Replica.Peer.Store.Memory;

namespace Replica.Testing.Scenarios;

/// <summary>A store in memory: what was committed outlives the ledger over it.</summary>
internal sealed class MemoryReplicaStore : ReplicaStore
{
    private MemoryEngine _engine = new();

    public override IStoreEngine Engine => _engine;

    public override void Restart()
    {
    }

    public override void Crash() => _engine.Rollback();

    public override StoreCopy Copy() => new StoreCopy.InMemory(_engine.Committed.Copy());

    public override void Dispose() => _engine.Dispose();

    protected override void Replace(StoreCopy? copy) => _engine = copy switch
    {
        null => new(),
        StoreCopy.InMemory memory => new(memory.State.Copy()),
        _ => throw new UnreachableException($"No case for {copy}."),
    };
}
