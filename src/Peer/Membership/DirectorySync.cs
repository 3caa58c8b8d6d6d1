using System.Runtime.InteropServices;

namespace Replica.Peer.Membership;

/// <summary>Makes the names in a folder durable after a rename; the base library can flush files alone.</summary>
internal static partial class DirectorySync
{
    private const int ReadOnly = 0;

    // EINVAL: the file system has no such notion for folders, and then keeps names by itself or not at all.
    private const int InvalidArgument = 22;

    /// <summary>Waits until the folder's entries are on disk. Does nothing on Windows, which keeps them with the file.</summary>
    /// <exception cref="IOException">The system could not.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

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
