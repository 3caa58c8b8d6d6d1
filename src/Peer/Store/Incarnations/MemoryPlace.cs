namespace Replica.Peer.Store.Incarnations;

/// <summary>A place for tests and simulation: the machine and the file are what they say.</summary>
internal sealed class MemoryPlace : IStorePlace
{
    /// <summary>What is found at a look.</summary>
    public PlaceFacts Facts { get; set; } = new("machine", "boot", "file", 0);

    /// <summary>The content of the file beside the database.</summary>
    public byte[]? Sidecar { get; set; }

    /// <summary>How often it was written to disk.</summary>
    public int Flushes { get; private set; }

    /// <inheritdoc/>
    public PlaceFacts Look() => Facts;

    /// <inheritdoc/>
    public byte[]? ReadSidecar() => Sidecar;

    /// <inheritdoc/>
    public void WriteSidecar(ReadOnlySpan<byte> bytes, bool isOnDisk)
    {
        Sidecar = bytes.ToArray();
        Flushes += isOnDisk ? 1 : 0;
    }
}
