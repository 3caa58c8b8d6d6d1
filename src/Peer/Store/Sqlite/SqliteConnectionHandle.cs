using SQLitePCL;

namespace Replica.Peer.Store.Sqlite;

/// <summary>One connection with its prepared statements. One thread at a time.</summary>
internal sealed class SqliteConnectionHandle : IDisposable
{
    /// <summary>A row has blobs of at most 1 MiB; nothing in the file may be larger than this.</summary>
    private const int LengthMax = 16 * 1024 * 1024;

    private const int PassiveMode = 0;
    private const int TruncateMode = 3;
    private const int NoCheckpointOnClose = 1006;

    /// <summary>How often a long statement asks whether to go on, in instructions of SQLite's machine.</summary>
    private const int InterruptEvery = 100_000;

    private readonly Dictionary<string, SqliteStatement> _statements = [];
    private readonly sqlite3 _database;
    private readonly string _path;
    private volatile bool _isExpired;

    private SqliteConnectionHandle(sqlite3 database, string path)
    {
        _database = database;
        _path = path;
    }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mayCreate">Whether to create it if it is missing.</param>
    /// <param name="fileSystem">The name of a registered file system; null for the operating system's.</param>
    /// <exception cref="StoreException">It can't be opened.</exception>
    public static SqliteConnectionHandle Open(string path, bool mayCreate, string? fileSystem = null)
    {
        SqliteLibrary.Initialize();
        return Open(path, path, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX | (mayCreate ? raw.SQLITE_OPEN_CREATE : 0), fileSystem);
    }

    private static SqliteConnectionHandle Open(string path, string name, int flags, string? fileSystem)
    {
        var result = raw.sqlite3_open_v2(name, out var database, flags, fileSystem);
        var connection = new SqliteConnectionHandle(database, path);
        if (result != raw.SQLITE_OK)
        {
            var fault = connection.Fault(result);
            connection.Dispose();
            throw fault;
        }

        _ = raw.sqlite3_limit(database, raw.SQLITE_LIMIT_LENGTH, LengthMax);
        return connection;
    }

    /// <summary>Opens a file where nothing can be written.</summary>
    /// <exception cref="StoreException">It can't be opened.</exception>
    public static SqliteConnectionHandle OpenReadOnly(string path)
    {
        SqliteLibrary.Initialize();
        var way = ReadOnlyFile.Of(path);
        SqliteConnectionHandle connection;
        try
        {
            connection = Open(path, way.Uri, ReadOnlyFile.Flags, way.FileSystem);
        }
        catch (StoreException fault) when (fault.Fault == StoreFault.ReadOnly)
        {
            throw new StoreException(StoreFault.InputOutput, $"'{path}' can't even be read: check the rights of the file and its folder.", fault);
        }

        if (way.IsExclusive)
        {
            connection.Execute("PRAGMA main.locking_mode = EXCLUSIVE");
        }

        return connection;
    }

    /// <summary>Opens a file to read it. Such a connection never checkpoints.</summary>
    /// <exception cref="StoreException">It can't be opened.</exception>
    public static SqliteConnectionHandle OpenReader(string path, string? fileSystem = null, bool isReadOnly = false)
    {
        var connection = isReadOnly ? OpenReadOnly(path) : Open(path, mayCreate: false, fileSystem);
        try
        {
            connection.LeaveLogAtClose(true);
            connection.Execute(
                "PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -8192; PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Lets statements end early.</summary>
    /// <param name="isOver">Whether to; asked on the thread that runs the statement.</param>
    public void InterruptWhen(Func<bool> isOver) =>
        raw.sqlite3_progress_handler(_database, InterruptEvery, _ => isOver() ? 1 : 0, null);

    /// <summary>Begins a copy of this database into an empty one.</summary>
    public SqliteCopy CopyTo(SqliteConnectionHandle target) => new(_database, target._database, target);

    /// <summary>Runs one or more statements without results.</summary>
    public void Execute(string sql)
    {
        var result = raw.sqlite3_exec(_database, sql);
        if (result != raw.SQLITE_OK)
        {
            throw Fault(result);
        }
    }

    /// <summary>A prepared statement by its name in <c>statements.sql</c>; prepared once.</summary>
    public SqliteStatement Statement(string name)
    {
        if (!_statements.TryGetValue(name, out var statement))
        {
            statement = Prepare(SqlText.Statement(name));
            _statements.Add(name, statement);
        }

        return statement;
    }

    /// <summary>A prepared statement of its own, for iteration while others run.</summary>
    public SqliteStatement Prepare(string sql)
    {
        var result = raw.sqlite3_prepare_v2(_database, sql, out var handle);
        return result == raw.SQLITE_OK ? new(this, handle) : throw Fault(result);
    }

    /// <summary>The one integer that a query gives.</summary>
    public long QueryInteger(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Integer(0) : 0;
    }

    /// <summary>Moves the write-ahead log into the database.</summary>
    /// <param name="isWhole">Whether all of it must be moved, and the log emptied; else as far as readers let it.</param>
    /// <returns>Whether all of it was moved.</returns>
    /// <exception cref="StoreException">The disk failed, or all was due and a reader was in the way.</exception>
    public bool Checkpoint(bool isWhole)
    {
        var result = raw.sqlite3_wal_checkpoint_v2(_database, null, isWhole ? TruncateMode : PassiveMode, out var pages, out var moved);
        return result == raw.SQLITE_OK || (result == raw.SQLITE_BUSY && !isWhole) ? pages == moved : throw Fault(result);
    }

    /// <summary>Has each commit write down how many pages the log then has; must outlive the connection.</summary>
    public unsafe void CountLogPages(int* pages) => SqliteNative.CountLogPages(_database, pages);

    /// <summary>Whether the file is no longer the one under its name.</summary>
    public bool HasMoved() => SqliteNative.HasMoved(_database);

    /// <summary>Whether its snapshot was ended to free the write-ahead log.</summary>
    public bool IsExpired => _isExpired;

    /// <summary>Ends its snapshot, from any thread: every further step fails, also one that is running.</summary>
    public void Expire()
    {
        _isExpired = true;
        raw.sqlite3_interrupt(_database);
    }

    /// <summary>Sets whether the write-ahead log stays as it is when this closes as the last connection; else it is moved and deleted.</summary>
    public void LeaveLogAtClose(bool isLeft) => _ = raw.sqlite3_db_config(_database, NoCheckpointOnClose, isLeft ? 1 : 0, out _);

    /// <summary>Ends the transaction that only read, also of an expired snapshot.</summary>
    public void End()
    {
        if (_isExpired)
        {
            Execute("ROLLBACK");
        }
        else
        {
            Statement("rollback").Reset().Run();
        }
    }

    /// <summary>Whether a transaction is open.</summary>
    public bool IsInTransaction => raw.sqlite3_get_autocommit(_database) == 0;

    /// <summary>The exception for a result code.</summary>
    public StoreException Fault(int result) => _isExpired
        ? new(StoreFault.SnapshotExpired, $"The reading of '{_path}' took too long beside many writes and was ended: read again, in smaller parts.")
        : SqliteFaults.Explain(_database, _path, result);

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _statements.Clear();
        _ = raw.sqlite3_close_v2(_database);
        _database.Dispose();
    }
}
