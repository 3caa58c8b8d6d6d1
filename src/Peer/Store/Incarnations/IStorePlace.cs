namespace Replica.Peer.Store.Incarnations;

/// <summary>Where a database file lies, and the small file beside it. Files, or a simulation of them.</summary>
/// <remarks>What can't be looked at, read or written is a store's fault, thrown as one.</remarks>
internal interface IStorePlace
{
    /// <summary>Looks at the machine and the file.</summary>
    PlaceFacts Look();

    /// <summary>The content of the small file; nothing if there is none.</summary>
    byte[]? ReadSidecar();

    /// <summary>Writes the small file in place.</summary>
    /// <param name="bytes">Always as many as before.</param>
    /// <param name="isOnDisk">Whether to wait until they are on disk.</param>
    void WriteSidecar(ReadOnlySpan<byte> bytes, bool isOnDisk);
}
