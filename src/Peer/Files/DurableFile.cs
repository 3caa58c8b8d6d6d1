using System.Runtime.InteropServices;

namespace Replica.Peer.Files;

/// <summary>Puts files and their names on disk; the base library can flush what it wrote itself alone.</summary>
internal static partial class DurableFile
{
    private const int ReadOnly = 0;

    // EINVAL: the file system has no such notion for folders, and then keeps names by itself or not at all.
    private const int InvalidArgument = 22;

    /// <summary>Waits until the content of a file that something else wrote is on disk.</summary>
    /// <exception cref="IOException">The system could not.</exception>
    public static void Flush(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Gives a file whose content is on disk its name in the same folder, and waits until that is on disk too.</summary>
    /// <exception cref="IOException">There is such a file and it may not be replaced, or the system could not.</exception>
    public static void Rename(string from, string to, bool overwrite)
    {
        File.Move(from, to, overwrite);
        FlushNames(to);
    }

    /// <summary>Waits until the names in the folder of a file are on disk. Does nothing on Windows, which keeps them with the file.</summary>
    /// <exception cref="IOException">The system could not.</exception>
    public static void FlushNames(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var folder = Path.GetDirectoryName(path) ?? Path.GetPathRoot(path)!;
        var descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
        {
            throw Failed(folder, Marshal.GetLastPInvokeError());
        }

        var error = FSync(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (error is not (0 or InvalidArgument))
        {
            throw Failed(folder, error);
        }
    }

    private static IOException Failed(string folder, int error) =>
        new($"The folder {folder} could not be flushed to disk: {Marshal.GetPInvokeErrorMessage(error)}.");

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
