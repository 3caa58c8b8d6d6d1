using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Replica.Peer.Host;

/// <summary>Holds a home for one process. The system lets go of it when the process ends, however it ends.</summary>
internal sealed class HomeLock : IDisposable
{
    private const string LockFile = "lock";
    private const string HolderFile = "lock.holder";
    private const string Unknown = "another process";

    // ENOSPC and EROFS on every Unix, as the framework hands them on.
    private const int NoSpace = 28;
    private const int ReadOnlySystem = 30;

    /// <summary>How the systems say that a file is taken: EWOULDBLOCK of Linux and of macOS, sharing and lock violation of Windows.</summary>
    private static readonly int[] s_takenResults = [11, 35, unchecked((int)0x80070020), unchecked((int)0x80070021)];

    private readonly FileStream? _file;
    private readonly SafeFileHandle? _folder;
    private readonly string _holderPath;

    private HomeLock(FileStream? file, SafeFileHandle? folder, string holderPath)
    {
        _file = file;
        _folder = folder;
        _holderPath = holderPath;
    }

    /// <summary>Takes the lock at once or not at all.</summary>
    /// <param name="directory">The home.</param>
    /// <param name="holder">What to tell others.</param>
    /// <exception cref="ReplicaException">Another process has it, or the directory can't be written.</exception>
    public static HomeLock Take(string directory, string holder)
    {
        var holderPath = Path.Combine(directory, HolderFile);
        var file = OpenFile(directory, holderPath);
        SafeFileHandle? folder;
        try
        {
            // Somebody may delete the file while it is held; the folder itself can't go unnoticed.
            folder = FolderLock.TryTake(directory, out var isTaken);
            if (isTaken)
            {
                throw Taken(directory, holderPath, null);
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }

        try
        {
            File.WriteAllText(holderPath, $"{holder} (process {Environment.ProcessId.ToString(CultureInfo.InvariantCulture)})");
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException)
        {
            // The lock file was there already, and nothing can be made beside it: SQLite could not work here either.
            folder?.Dispose();
            file.Dispose();
            throw Denied(directory, fault);
        }
        catch (IOException)
        {
            // Only a courtesy to others: on a full disk the home can still be read.
        }

        return new(file, folder, holderPath);
    }

    /// <summary>Holds a home that can't be written, beside others who read it too: no process that could write may have it.</summary>
    /// <exception cref="ReplicaException">Another process has it to write.</exception>
    public static HomeLock TakeToRead(string directory)
    {
        var folder = FolderLock.TryTake(directory, out var isTaken, isShared: true);
        return isTaken ? throw Taken(directory, Path.Combine(directory, HolderFile), null) : new(null, folder, "");
    }

    /// <summary>Whether the home can't be written.</summary>
    public bool IsReadOnly => _file is null;

    public void Dispose()
    {
        try
        {
            if (_file is not null)
            {
                File.Delete(_holderPath);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The next holder writes over it.
        }

        _folder?.Dispose();
        _file?.Dispose();
    }

    private static FileStream OpenFile(string directory, string holderPath)
    {
        try
        {
            return new FileStream(Path.Combine(directory, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw Denied(directory, denied);
        }
        catch (IOException fault) when (s_takenResults.Contains(fault.HResult))
        {
            throw Taken(directory, holderPath, fault);
        }
        catch (IOException fault)
        {
            throw fault.HResult switch
            {
                NoSpace => new ReplicaException(
                    "REPLICA_DISK_FULL", $"The disk of '{directory}' is full: free some space and try again; nothing confirmed is lost.", fault),
                ReadOnlySystem => new ReplicaException(
                    "REPLICA_READ_ONLY", $"'{directory}' lies on a disk that can only be read: name another directory.", fault),
                _ => new ReplicaException("REPLICA_IO", $"'{directory}' can't be used: {fault.Message}", fault),
            };
        }
    }

    private static ReplicaException Denied(string directory, Exception cause) => new(
        "REPLICA_READ_ONLY", $"'{directory}' can't be written: check its rights, or name another directory.", cause);

    private static ReplicaException Taken(string directory, string holderPath, IOException? cause)
    {
        var holder = HolderOf(holderPath);
        return new("REPLICA_LOCKED", $"'{directory}' is in use by {holder}: end it, or name another directory.", cause) { Holder = holder };
    }

    private static string HolderOf(string path)
    {
        try
        {
            return File.ReadAllText(path) is { Length: > 0 } holder ? holder : Unknown;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Unknown;
        }
    }
}
