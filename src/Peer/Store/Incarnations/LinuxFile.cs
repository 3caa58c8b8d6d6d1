using System.Runtime.InteropServices;

namespace Replica.Peer.Store.Incarnations;

/// <summary>What Linux knows about a file and the base library does not tell: its inode, its birth, its last change.</summary>
internal static partial class LinuxFile
{
    private const int CurrentFolder = -100;
    private const uint ChangeTimeMask = 0x80;
    private const uint InodeMask = 0x100;
    private const uint BirthTimeMask = 0x800;

    // struct statx is the same on every architecture.
    private const int StructSize = 256;
    private const int InodeAt = 32;
    private const int BirthTimeAt = 80;
    private const int ChangeTimeAt = 96;
    private const long NanosecondsASecond = 1_000_000_000;

    /// <summary>Looks at a file.</summary>
    /// <returns>Its inode and birth as a name, and the time of its last change in nanoseconds; nothing if the system can't tell.</returns>
    public static (string Name, long ChangeTime)? TryLook(string path)
    {
        var buffer = new byte[StructSize];
        try
        {
            if (StatX(CurrentFolder, path, 0, InodeMask | BirthTimeMask | ChangeTimeMask, ref buffer[0]) != 0)
            {
                return null;
            }
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }

        // File systems give a freed inode to the next file at once; only its birth tells the two apart.
        return ($"{BitConverter.ToUInt64(buffer, InodeAt)}:{TimeAt(buffer, BirthTimeAt)}", TimeAt(buffer, ChangeTimeAt));
    }

    private static long TimeAt(byte[] buffer, int at) =>
        unchecked((BitConverter.ToInt64(buffer, at) * NanosecondsASecond) + BitConverter.ToUInt32(buffer, at + sizeof(long)));

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatX(int folder, string path, int flags, uint mask, ref byte buffer);
}
