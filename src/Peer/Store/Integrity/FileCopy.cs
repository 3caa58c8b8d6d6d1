using Replica.Peer.Files;

namespace Replica.Peer.Store.Integrity;

/// <summary>Copies a file to a new one that its owner alone may read, and puts it on disk.</summary>
internal static class FileCopy
{
    private const int ChunkBytes = 1024 * 1024;

    /// <summary>Does the work while it is enumerated; tells how many bytes are done.</summary>
    /// <exception cref="IOException">There is a file at <paramref name="to"/> already, or the disk is full.</exception>
    public static IEnumerable<long> Run(string from, string to)
    {
        using var input = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1);
        using var output = OwnerFile.Create(to);
        var chunk = new byte[ChunkBytes];
        var done = 0L;
        while (input.Read(chunk) is > 0 and var read)
        {
            output.Write(chunk.AsSpan(0, read));
            done += read;
            yield return done;
        }

        output.Flush(flushToDisk: true);
    }
}
