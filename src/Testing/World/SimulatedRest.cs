using Replica.Peer.Store;

namespace Replica.Testing.World;

/// <summary>Where a simulated peer rests while no process of it runs.</summary>
internal abstract class SimulatedRest : IDisposable
{
    /// <summary>The store as it is open now.</summary>
    public abstract IStoreEngine Engine { get; }

    /// <summary>All that is committed is on disk.</summary>
    public abstract void KeepDurable();

    /// <summary>Brings to rest what a process left behind when it ended.</summary>
    public abstract void Settle(ProcessEnd how);

    public abstract void Dispose();
}
