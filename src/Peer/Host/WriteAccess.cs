using System.Runtime.InteropServices;

namespace Replica.Peer.Host;

/// <summary>Whether this process may write a file, asked without opening it: to close a file drops the locks that others here have on it.</summary>
internal static partial class WriteAccess
{
    private const int Write = 2;

    /// <summary>Whether the file is there and can't be written, by its rights or its disk.</summary>
    public static bool IsDenied(string file) => File.Exists(file) && (OperatingSystem.IsWindows()
        ? File.GetAttributes(file).HasFlag(FileAttributes.ReadOnly)
        : Access(file, Write) != 0);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Access(string path, int mode);
}
