using Replica.Peer.Store;
using Replica.Peer.Store.Incarnations;

namespace Replica.Testing.World;

/// <summary>Where a simulated peer rests while no process of it runs.</summary>
internal abstract class SimulatedRest : IDisposable
{
    /// <summary>The store as it is open now.</summary>
    public abstract IStoreEngine Engine { get; }

    /// <summary>What the machine and the file say about themselves; nothing to take for granted that it is the newest copy.</summary>
    public abstract IStorePlace? Place { get; }

    /// <summary>All that is committed is on disk.</summary>
    public abstract void KeepDurable();

    /// <summary>Brings to rest what a process left behind when it ended.</summary>
    public abstract void Settle(ProcessEnd how);

    public abstract void Dispose();
}
