using SQLitePCL;

namespace Replica.Peer.Store.Sqlite;

/// <summary>One connection with its prepared statements. One thread at a time.</summary>
internal sealed class SqliteConnectionHandle : IDisposable
{
    /// <summary>A row has blobs of at most 1 MiB; nothing in the file may be larger than this.</summary>
    private const int LengthMax = 16 * 1024 * 1024;

    private const int CheckpointMode = 0;

    /// <summary>How often a long statement asks whether to go on, in instructions of SQLite's machine.</summary>
    private const int InterruptEvery = 100_000;

    private readonly Dictionary<string, SqliteStatement> _statements = [];
    private readonly sqlite3 _database;
    private readonly string _path;

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
        var flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX | (mayCreate ? raw.SQLITE_OPEN_CREATE : 0);
        var result = raw.sqlite3_open_v2(path, out var database, flags, fileSystem);
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

    /// <summary>Opens a file to read it. Such a connection never checkpoints.</summary>
    /// <exception cref="StoreException">It can't be opened.</exception>
    public static SqliteConnectionHandle OpenReader(string path, string? fileSystem = null)
    {
        var connection = Open(path, mayCreate: false, fileSystem);
        try
        {
            connection.Execute(
                "PRAGMA wal_autocheckpoint = 0; PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;");
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

    /// <summary>Moves the write-ahead log into the database, as far as readers let it.</summary>
    public void Checkpoint()
    {
        var result = raw.sqlite3_wal_checkpoint_v2(_database, null, CheckpointMode, out _, out _);
        if (result is not (raw.SQLITE_OK or raw.SQLITE_BUSY))
        {
            throw Fault(result);
        }
    }

    /// <summary>Whether a transaction is open.</summary>
    public bool IsInTransaction => raw.sqlite3_get_autocommit(_database) == 0;

    /// <summary>The exception for a result code.</summary>
    public StoreException Fault(int result)
    {
        var text = raw.sqlite3_errmsg(_database).utf8_to_string();
        return (result & 0xff) switch
        {
            raw.SQLITE_FULL => new(
                StoreFault.DiskFull, $"The disk of '{_path}' is full: free some space and try again; nothing confirmed is lost."),
            raw.SQLITE_READONLY or raw.SQLITE_PERM => new(StoreFault.ReadOnly, $"'{_path}' can't be written: check the rights of the file and its folder."),
            raw.SQLITE_CANTOPEN => new(StoreFault.InputOutput, $"'{_path}' can't be opened: check that its folder exists and may be used."),
            raw.SQLITE_NOTADB => new(StoreFault.NotASpace, $"'{_path}' is no Replica space: it is not even a database. Name another directory."),
            raw.SQLITE_CORRUPT => new(StoreFault.Corrupt, $"'{_path}' is damaged ({text}): restore a backup, or join again from a peer."),
            raw.SQLITE_INTERRUPT => throw new OperationCanceledException($"Reading '{_path}' was stopped."),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new(StoreFault.Locked, $"'{_path}' is in use by another program: close it and try again."),
            _ => new(StoreFault.InputOutput, $"'{_path}' could not be read or written: {text} ({result})."),
        };
    }

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
