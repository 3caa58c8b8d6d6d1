using SQLitePCL;

namespace Replica.Peer.Store.Sqlite;

/// <summary>How a database is opened where nothing can be written, not even the files that SQLite keeps beside one in WAL mode.</summary>
/// <remarks>
/// After an orderly end there is the database alone: it is opened as immutable. If a log was left with its shared memory, as by a
/// process that was killed, SQLite reads both as they are. If the log was left without, as in a copy, SQLite keeps what it needs to
/// read it in this process's memory; it does that only in exclusive mode, whose locks a read-only disk can't give and nobody needs.
/// </remarks>
/// <param name="Uri">What to open.</param>
/// <param name="FileSystem">With which file system of SQLite; null for the usual one.</param>
/// <param name="IsExclusive">Whether the exclusive mode is to be set before the first question.</param>
internal readonly record struct ReadOnlyFile(string Uri, string? FileSystem, bool IsExclusive)
{
    /// <summary>The flags to open it with.</summary>
    public const int Flags = raw.SQLITE_OPEN_READONLY | raw.SQLITE_OPEN_NOMUTEX | raw.SQLITE_OPEN_URI;

    private const string NoLocks = "unix-none";

    /// <summary>The way for a file as it lies there.</summary>
    public static ReadOnlyFile Of(string path)
    {
        var uri = ToUri(path);
        if (new FileInfo(path + "-wal") is not { Exists: true, Length: > 0 })
        {
            return new(uri + "?immutable=1", null, false);
        }

        return File.Exists(path + "-shm") || OperatingSystem.IsWindows() ? new(uri, null, false) : new(uri, NoLocks, true);
    }

    /// <summary>A path as SQLite's URI.</summary>
    public static string ToUri(string path) => "file:" + path.Replace("%", "%25", StringComparison.Ordinal)
        .Replace("?", "%3f", StringComparison.Ordinal).Replace("#", "%23", StringComparison.Ordinal);
}
