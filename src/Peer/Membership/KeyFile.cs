using System.Security.Cryptography;
using Replica.Peer.Files;

namespace Replica.Peer.Membership;

/// <summary>Reads and writes one file that its owner alone may see.</summary>
internal static class KeyFile
{
    /// <summary>No key file is longer.</summary>
    public const int BytesMax = 16 * 1024;

    private const UnixFileMode OwnerFolder = OwnerFile.Mode | UnixFileMode.UserExecute;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Makes the folder if it is not there, in one step with its rights, and refuses one that others may enter.</summary>
    public static void PrepareFolder(string folder) => Guarded(folder, () =>
    {
        if (OperatingSystem.IsWindows())
        {
            return Directory.CreateDirectory(folder);
        }

        var made = Directory.CreateDirectory(folder, OwnerFolder);
        Refuse(folder, File.GetUnixFileMode(folder), "700");
        return made;
    });

    /// <summary>Reads the whole file.</summary>
    /// <returns>Null when there is none; otherwise bytes that the caller zeroes.</returns>
    public static byte[]? TryRead(string path) => Guarded(path, () =>
    {
        using var file = TryOpen(path);
        if (file is null)
        {
            return null;
        }

        if (!OperatingSystem.IsWindows())
        {
            // Asked of the open file: it can't be exchanged between the question and the reading.
            Refuse(path, File.GetUnixFileMode(file.SafeFileHandle), "600");
        }

        if (file.Length > BytesMax)
        {
            throw new MembershipException(MembershipException.KeyDamaged,
                $"The key file {path} has {file.Length} bytes; at most {BytesMax} are allowed. Put it back from a backup.");
        }

        var bytes = GC.AllocateUninitializedArray<byte>((int)file.Length, pinned: true);
        file.ReadExactly(bytes);
        return bytes;
    });

    /// <summary>Writes the whole file: its name shows the old content or the new one, whenever the power goes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">What it is to hold.</param>
    /// <param name="replace">Whether there may be a file already.</param>
    public static void Write(string path, byte[] bytes, bool replace) => Guarded(path, () =>
    {
        OwnerFile.Write(path, bytes, replace);
        return true;
    });

    /// <summary>Deletes the file if it is there.</summary>
    public static void Delete(string path) => Guarded(path, () =>
    {
        File.Delete(path);
        DurableFile.FlushNames(path);
        return true;
    });

    /// <summary>Reads the file with <paramref name="parse"/> and zeroes the bytes.</summary>
    public static T? TryRead<T>(string path, Func<byte[], T> parse)
        where T : class
    {
        if (TryRead(path) is not { } bytes)
        {
            return null;
        }

        try
        {
            return parse(bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>The names of the files that end in <paramref name="suffix"/>, without it.</summary>
    public static string[] Names(string folder, string suffix) => Guarded(folder, () =>
        Directory.GetFiles(folder, "*" + suffix).Select(path => Path.GetFileName(path)[..^suffix.Length]).ToArray());

    // Only "not there" may count as none: a file that can't be seen would be taken for missing and made anew.
    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions { BufferSize = 0 });
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static void Refuse(string path, UnixFileMode mode, string due)
    {
        if ((mode & Others) != UnixFileMode.None)
        {
            throw new MembershipException(MembershipException.KeyExposed,
                $"Others than the owner have rights on {path} (mode {Convert.ToString((int)mode, 8)}): its keys may be known to "
                + $"them. Run: chmod {due} '{path}'. If others use this computer, make a new device key and new invitations.");
        }
    }

    private static T Guarded<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MembershipException(MembershipException.KeyUnavailable,
                $"The key file or folder {path} can't be used: {exception.Message} Check its owner, its rights and the room "
                + "on the disk, then try again.", exception);
        }
    }
}
