namespace Replica.Peer.Store;

/// <summary>Makes files durable that something else wrote.</summary>
internal static class FileSync
{
    /// <summary>Waits until the file's content is on disk.</summary>
    /// <exception cref="IOException">The system could not.</exception>
    public static void Flush(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Flush(flushToDisk: true);
    }
}
