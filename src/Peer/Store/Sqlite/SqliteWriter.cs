using System.Runtime.InteropServices;

namespace Replica.Peer.Store.Sqlite;

/// <summary>The writer's connection: it opens first, closes last, alone checkpoints, and is opened anew after a fault.</summary>
/// <remarks>
/// Checkpoints are made here and not by the engine inside COMMIT, so that a disk that fails under one of them does not make a
/// commit look failed that is on disk; the log keeps what is not moved, and the next commit tries again.
/// </remarks>
internal sealed unsafe class SqliteWriter : IDisposable
{
    /// <summary>How long readers may take to end after they were told to.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private readonly string _path;
    private readonly SqliteSettings _settings;
    private readonly ReaderPool _readers;
    private readonly int* _logPages = (int*)NativeMemory.AllocZeroed(sizeof(int));
    private SqliteConnectionHandle? _connection;
    private long _version;
    private int _nextDrain;
    private bool _hasUnsynced;
    private bool _isDoubtful;

    /// <summary>Opens the file.</summary>
    /// <exception cref="StoreException">It is no space, is newer, damaged, or can't be used.</exception>
    public SqliteWriter(string path, bool mayCreate, SqliteSettings settings, ReaderPool readers)
    {
        _path = path;
        _settings = settings;
        _readers = readers;
        _nextDrain = settings.LogPagesMax;
        try
        {
            _connection = Connect(mayCreate);
            _hasUnsynced = !settings.IsReadOnly && !IsMoved(_connection);
        }
        catch
        {
            NativeMemory.Free(_logPages);
            throw;
        }
    }

    /// <summary>Whether commits wait for the disk; true at first.</summary>
    public bool IsSynced
    {
        get;
        set
        {
            if (value != field)
            {
                // In WAL mode NORMAL leaves out the fsync at each commit, and none of those around checkpoints.
                Execute(value ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
                field = value;
            }
        }
    } = true;

    private SqliteConnectionHandle Connection => _connection
        ?? throw new StoreException(StoreFault.InputOutput, $"'{_path}' could not be opened again after a fault: see to its disk, then try again.");

    /// <summary>A prepared statement by its name.</summary>
    public SqliteStatement Statement(string name) => Connection.Statement(name);

    /// <summary>Runs one or more statements without results.</summary>
    public void Execute(string sql) => Connection.Execute(sql);

    /// <summary>What is read from here on is what <see cref="Begin"/> expects to find.</summary>
    public void Remember() => _version = VersionOf(Connection);

    /// <summary>Starts a transaction.</summary>
    /// <exception cref="StoreException">Somebody else has written since <see cref="Remember"/>: all must be read again.</exception>
    public void Begin()
    {
        Connection.Statement("begin_immediate").Reset().Run();
        if (VersionOf(Connection) != _version)
        {
            throw new StoreException(
                StoreFault.Locked, $"Another program has written to '{_path}': end it. What it wrote was read; try again.");
        }
    }

    /// <summary>Ends the transaction.</summary>
    /// <exception cref="StoreException">Nothing was committed; or, if it says so, that is not known.</exception>
    public void Commit()
    {
        if (!_settings.IsReadOnly && IsLost())
        {
            throw new StoreException(
                StoreFault.Lost,
                $"'{_path}' was removed or replaced while it was open: end this process, put the file back from a backup or join again, "
                + "and start anew. Nothing more is written to it.");
        }

        _hasUnsynced |= !IsSynced;
        try
        {
            Connection.Statement("commit").Reset().Run();
        }
        catch (StoreException fault)
        {
            throw new StoreException(fault.Fault, fault.Message, fault) { IsInCommit = true };
        }
        finally
        {
            // Also after a fault: it may be there all the same.
            _readers.OnCommit();
        }

        if (*_logPages >= _settings.CheckpointPages)
        {
            Checkpoint();
        }
    }

    /// <summary>Gives the transaction up.</summary>
    public void Rollback()
    {
        if (Connection.IsInTransaction)
        {
            Connection.Execute("ROLLBACK");
        }
    }

    /// <summary>Puts on disk what was committed without waiting for it. After a failure <see cref="IsSynced"/> is to be set anew.</summary>
    public void Flush()
    {
        if (!_hasUnsynced)
        {
            return;
        }

        if (_isDoubtful)
        {
            throw new StoreException(StoreFault.InputOutput, $"The disk of '{_path}' failed under a checkpoint.") { IsInCommit = true };
        }

        var before = IsSynced;
        IsSynced = true;
        // A commit puts the whole write-ahead log on disk, but only if it has a page to write of its own.
        Begin();
        try
        {
            Execute(SqliteFormat.Touch);
            Commit();
        }
        catch (StoreException fault) when (!fault.IsInCommit)
        {
            Rollback();
            throw;
        }

        _hasUnsynced = false;
        IsSynced = before;
    }

    /// <summary>Closes the file and opens it: what is then read is on disk, whatever a failed commit had left in memory.</summary>
    /// <exception cref="StoreException">It can't be opened or put in order; writing stays impossible until it can.</exception>
    public void Reopen()
    {
        try
        {
            if (!_readers.Drain(Patience))
            {
                throw new StoreException(
                    StoreFault.InputOutput, $"'{_path}' can't be opened again after a fault while a reader of it is held: end it, then try again.");
            }

            _connection?.Dispose();
            _connection = null;
            var connection = Connect(mayCreate: false);
            if (!IsSynced)
            {
                connection.Execute("PRAGMA synchronous = NORMAL");
            }

            // The system may hold pages of the log in memory that it failed to write and will not try again: what counts is moved
            // into the database, which is then put on disk.
            try
            {
                _ = connection.Checkpoint(isWhole: true);
                // The emptied log is not on disk until something in it is synced: until then a power cut could bring back an older
                // one, whose pages would then cover newer ones.
                connection.Execute("PRAGMA synchronous = FULL");
                connection.Execute(SqliteFormat.Touch);
                connection.Execute(IsSynced ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            }
            catch
            {
                connection.Dispose();
                throw;
            }

            _hasUnsynced = _isDoubtful = false;
            _connection = connection;
        }
        finally
        {
            _readers.Resume();
        }
    }

    /// <summary>Closes it.</summary>
    public void Dispose()
    {
        _connection?.LeaveLogAtClose(_settings.IsReadOnly);
        _connection?.Dispose();
        NativeMemory.Free(_logPages);
    }

    private SqliteConnectionHandle Connect(bool mayCreate)
    {
        var connection = _settings.IsReadOnly
            ? SqliteConnectionHandle.OpenReadOnly(_path)
            : SqliteConnectionHandle.Open(_path, mayCreate, _settings.FileSystem);
        try
        {
            SqliteFormat.Prepare(connection, _path, mayCreate, _settings.IsReadOnly);
            var logBytes = _settings.CheckpointPages * 4120L;
            connection.Execute($"PRAGMA cache_size = -16384; PRAGMA journal_size_limit = {logBytes}");
            *_logPages = 0;
            connection.CountLogPages(_logPages);
            // Where it is closed after a fault, the log is all there is: only an orderly end may delete it.
            connection.LeaveLogAtClose(true);
            _version = VersionOf(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Moves the log into the database as far as readers let it, and past a bound sees to it that they do.</summary>
    private void Checkpoint()
    {
        try
        {
            if (*_logPages < _nextDrain)
            {
                _readers.ReleaseIdle();
                _ = Connection.Checkpoint(isWhole: false);
                return;
            }

            var isFree = _readers.Drain(Patience);
            try
            {
                _ = Connection.Checkpoint(isWhole: isFree);
            }
            finally
            {
                _readers.Resume();
            }

            _nextDrain = isFree ? _settings.LogPagesMax : *_logPages + _settings.CheckpointPages;
        }
        catch (StoreException fault) when (fault.Fault == StoreFault.Locked)
        {
            // Somebody outside of the pool reads: a verification, a backup or another program. The disk is well, and what could be
            // moved was; to end our own readers at every commit until then would help nobody.
            _nextDrain = *_logPages + _settings.CheckpointPages;
        }
        catch (StoreException)
        {
            // All is in the log still, and the next commit tries again. But what had not been synced before may never be, whatever
            // a later fsync says: the system has given it up.
            _isDoubtful |= _hasUnsynced;
        }
    }

    /// <summary>
    /// Moves what a process that died left in the log, which may not be on disk though it can be read. An orderly end leaves none.
    /// </summary>
    /// <returns>Whether all of it is in the database, and on disk.</returns>
    private static bool IsMoved(SqliteConnectionHandle connection)
    {
        try
        {
            return connection.Checkpoint(isWhole: false);
        }
        catch (StoreException)
        {
            // A full or read-only disk: what is there can be read.
            return false;
        }
    }

    private bool IsLost() => Connection.HasMoved() || (_settings.FileSystem is null && !File.Exists(_path + "-wal"));

    private static long VersionOf(SqliteConnectionHandle connection)
    {
        var read = connection.Statement("data_version").Reset();
        _ = read.Step();
        var version = read.Integer(0);
        _ = read.Reset();
        return version;
    }
}
