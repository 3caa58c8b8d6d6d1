using Replica.Peer.Store.Memory;

namespace Replica.Testing.Scenarios;

/// <summary>A copy of the files of a store. A closed set.</summary>
internal abstract record StoreCopy
{
    private StoreCopy()
    {
    }

    /// <summary>Of a store in memory.</summary>
    public sealed record InMemory(MemoryState State) : StoreCopy;

    /// <summary>Of a store in files: a path, to which the suffixes of the files are added.</summary>
    public sealed record InFiles(string Path) : StoreCopy;
}
