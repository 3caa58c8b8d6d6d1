using Replica.Peer.Store;
using Replica.Peer.Store.Incarnations;

namespace Replica.Testing.Scenarios;

/// <summary>Where one replica of a scenario rests, and how its process ends and begins again.</summary>
internal abstract class ReplicaStore : IDisposable
{
    private int _files;

    /// <summary>The store as it is open now.</summary>
    public abstract IStoreEngine Engine { get; }

    /// <summary>The machine and the file beside the database, as the product would find them.</summary>
    public MemoryPlace Place { get; } = new();

    /// <summary>Closes it in good order and opens it again.</summary>
    public abstract void Restart();

    /// <summary>Ends without any goodbye and opens what is then there.</summary>
    public abstract void Crash();

    /// <summary>A copy of the files as they lie, whether the engine is writing or not.</summary>
    public abstract StoreCopy Copy();

    /// <summary>Ends without any goodbye and opens a copy in place of what was there; nothing for an empty store.</summary>
    public void PutBack(StoreCopy? copy)
    {
        Replace(copy);
        Place.Facts = Place.Facts with { File = $"file {++_files}" };
        if (copy is null)
        {
            Place.Sidecar = null;
        }
    }

    public abstract void Dispose();

    /// <summary>Opens a copy in place of what was there.</summary>
    protected abstract void Replace(StoreCopy? copy);
}
