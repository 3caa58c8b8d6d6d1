using Replica.Peer.Store;
using Replica.Peer.Store.Memory;

namespace Replica.Testing.World;

/// <summary>Rests in memory: what was put on disk is a state that is kept.</summary>
internal sealed class MemoryRest : SimulatedRest
{
    private MemoryEngine _engine = new();
    private MemoryState? _durable;

    public override IStoreEngine Engine => _engine;

    public override void KeepDurable() => _durable = _engine.Committed;

    public override void Settle(ProcessEnd how) =>
        _engine = new(how == ProcessEnd.PowerCut ? _durable ?? MemoryState.Empty : _engine.Committed);

    public override void Dispose() => _engine.Dispose();
}
