using Replica.Peer.Store;

namespace Replica.Testing.Scenarios;

/// <summary>Where one replica of a scenario rests, and how its process ends and begins again.</summary>
internal abstract class ReplicaStore : IDisposable
{
    /// <summary>The store as it is open now.</summary>
    public abstract IStoreEngine Engine { get; }

    /// <summary>Closes it in good order and opens it again.</summary>
    public abstract void Restart();

    /// <summary>Ends without any goodbye and opens what is then there.</summary>
    public abstract void Crash();

    public abstract void Dispose();
}
