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
        using var output = Create(to);
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

    /// <summary>Makes a new file that its owner alone may read and write.</summary>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.ReadWrite, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new(path, options);
    }
}
