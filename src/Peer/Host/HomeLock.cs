using System.Globalization;

namespace Replica.Peer.Host;

/// <summary>Holds a home for one process. The system lets go of it when the process ends, however it ends.</summary>
internal sealed class HomeLock : IDisposable
{
    private const string LockFile = "lock";
    private const string HolderFile = "lock.holder";
    private const string Unknown = "another process";

    private readonly FileStream _file;
    private readonly string _holderPath;

    private HomeLock(FileStream file, string holderPath)
    {
        _file = file;
        _holderPath = holderPath;
    }

    /// <summary>Takes the lock at once or not at all.</summary>
    /// <param name="directory">The home.</param>
    /// <param name="holder">What to tell others.</param>
    /// <exception cref="ReplicaException">Another process has it, or the directory can't be written.</exception>
    public static HomeLock Take(string directory, string holder)
    {
        var holderPath = Path.Combine(directory, HolderFile);
        FileStream file;
        try
        {
            file = new FileStream(Path.Combine(directory, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new ReplicaException(
                "REPLICA_READ_ONLY", $"'{directory}' can't be written: check its rights, or name another directory.", denied);
        }
        catch (IOException taken)
        {
            throw new ReplicaException(
                "REPLICA_LOCKED", $"'{directory}' is in use by {HolderOf(holderPath)}: end it, or name another directory.", taken);
        }

        try
        {
            File.WriteAllText(holderPath, $"{holder} (process {Environment.ProcessId.ToString(CultureInfo.InvariantCulture)})");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Only a courtesy to others: on a full disk the home can still be read.
        }

        return new(file, holderPath);
    }

    public void Dispose()
    {
        try
        {
            File.Delete(_holderPath);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The next holder writes over it.
        }

        _file.Dispose();
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
