namespace Replica.Peer.Store.Sqlite;

/// <summary>How a space file is opened; the product takes the defaults, tests a disk of their own and smaller limits.</summary>
internal sealed record SqliteSettings
{
    /// <summary>The name of a registered SQLite file system; null for the operating system's.</summary>
    public string? FileSystem { get; init; }

    /// <summary>Whether the file and its folder can't be written: it is read without a lock, and no process may write it meanwhile.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>The write-ahead log grows to this many pages before it is moved into the database.</summary>
    /// <remarks>More gains on batched updates, less keeps the log small: 20,000 pages are 80 MB.</remarks>
    public int CheckpointPages { get; init; } = 20_000;

    /// <summary>Where the log has grown to this many pages because readers hold on to it, they are ended so that it can be moved.</summary>
    /// <remarks>More lets a reader take longer, less bounds the log more closely: 80,000 pages are 330 MB.</remarks>
    public int LogPagesMax { get; init; } = 80_000;
}
