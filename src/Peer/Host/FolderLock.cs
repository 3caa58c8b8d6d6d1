using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Replica.Peer.Host;

/// <summary>An advisory lock on a folder itself, which the base library can't take. Gone with the process.</summary>
internal static partial class FolderLock
{
    private const int SharedAtOnce = 1 | 4;
    private const int ExclusiveAtOnce = 2 | 4;

    // O_RDONLY, and closed in programs that this one starts.
    private static readonly int s_openFlags = OperatingSystem.IsLinux() ? 0x80000 : 0x1000000;

    // EWOULDBLOCK
    private static readonly int s_taken = OperatingSystem.IsLinux() ? 11 : 35;

    /// <summary>Takes it at once or not at all.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="isTaken">Whether another process has it.</param>
    /// <param name="isShared">Whether others may have it too, who ask for it in the same way.</param>
    /// <returns>The lock; nothing where the system has none such, or it is taken.</returns>
    public static SafeFileHandle? TryTake(string folder, out bool isTaken, bool isShared = false)
    {
        isTaken = false;
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        var descriptor = Open(folder, s_openFlags);
        if (descriptor < 0)
        {
            return null;
        }

        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Lock(descriptor, isShared ? SharedAtOnce : ExclusiveAtOnce) == 0)
        {
            return handle;
        }

        // Any other fault: a file system without such locks. The lock file must do.
        isTaken = Marshal.GetLastPInvokeError() == s_taken;
        handle.Dispose();
        return null;
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Lock(int descriptor, int operation);
}
