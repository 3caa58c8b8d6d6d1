namespace Replica.Peer.Files;

/// <summary>Makes files that their owner alone may read and write.</summary>
internal static class OwnerFile
{
    /// <summary>Read and write for the owner, nothing for others.</summary>
    public const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens a file for writing, unbuffered; one that is new has its rights from the first instant.</summary>
    /// <exception cref="IOException">The file is there and <paramref name="mode"/> wants a new one, or the system could not.</exception>
    public static FileStream Create(string path, FileMode mode = FileMode.CreateNew)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.ReadWrite, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Mode;
        }

        return new(path, options);
    }

    /// <summary>Writes the whole file: its name shows the old content or the new one, whenever the power goes.</summary>
    /// <param name="path">The file; its name and <c>.new</c> is used meanwhile.</param>
    /// <param name="bytes">What it is to hold.</param>
    /// <param name="overwrite">Whether there may be a file already.</param>
    /// <exception cref="IOException">There is one already, the disk is full, or it failed.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes, bool overwrite)
    {
        var fresh = path + ".new";
        // What a crash left behind may be half written.
        File.Delete(fresh);
        using (var file = Create(fresh))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        DurableFile.Rename(fresh, path, overwrite);
    }
}
