namespace Replica.Peer.Store.Sqlite;

/// <summary>Connections that read snapshots beside the writer. They never checkpoint.</summary>
/// <remarks>
/// An idle connection keeps its snapshot, and hands it to the next reader unless something was committed since: to take and to let
/// go of one costs two locks of the file, about a third of a read by id. Before the log is moved the idle ones are let go of.
/// </remarks>
internal sealed class ReaderPool(string path, string? fileSystem, bool isReadOnly) : IDisposable
{
    /// <summary>How many idle connections are kept; more are opened when needed and closed after use.</summary>
    private const int IdleMax = 4;

    // A monitor: readers and the writer wait for each other here.
    private readonly object _gate = new();
    private readonly Stack<(SqliteConnectionHandle Connection, long Commits)> _idle = [];
    private readonly HashSet<SqliteReader> _active = [];
    private long _commits;
    private int _opening;
    private bool _isDraining;
    private bool _isClosed;

    /// <summary>A snapshot of what is committed now.</summary>
    public SqliteReader Open()
    {
        SqliteConnectionHandle? connection = null;
        long commits;
        var held = 0L;
        lock (_gate)
        {
            while (_isDraining && !_isClosed)
            {
                _ = Monitor.Wait(_gate);
            }

            if (_isClosed)
            {
                throw new StoreException(StoreFault.Closed, "The space is closed: open it again.");
            }

            if (_idle.TryPop(out var idle))
            {
                (connection, held) = idle;
            }

            commits = Volatile.Read(ref _commits);
            _opening++;
        }

        SqliteReader? reader = null;
        try
        {
            connection ??= SqliteConnectionHandle.OpenReader(path, fileSystem, isReadOnly);
            if (connection.IsInTransaction && held != commits)
            {
                connection.End();
            }

            if (!connection.IsInTransaction)
            {
                connection.Statement("begin").Reset().Run();
            }

            return reader = new(connection, this, commits);
        }
        finally
        {
            if (reader is null)
            {
                connection?.Dispose();
            }

            lock (_gate)
            {
                _opening--;
                if (reader is not null)
                {
                    _ = _active.Add(reader);
                }

                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Something was committed: whoever opens a snapshot from here on sees it.</summary>
    public void OnCommit() => Interlocked.Increment(ref _commits);

    /// <summary>Lets go of the snapshots that nobody uses, so that they hold nothing back.</summary>
    public void ReleaseIdle()
    {
        lock (_gate)
        {
            try
            {
                foreach (var (connection, _) in _idle.Where(static idle => idle.Connection.IsInTransaction))
                {
                    connection.End();
                }
            }
            catch (StoreException)
            {
                // A reader that can't even end its transaction is of no further use.
                CloseIdle();
            }
        }
    }

    /// <summary>Takes a connection back.</summary>
    /// <param name="reader">Who used it.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="commits">How many commits there had been when its snapshot was opened.</param>
    public void Return(SqliteReader reader, SqliteConnectionHandle connection, long commits)
    {
        var isSound = true;
        try
        {
            if (connection.IsExpired || commits != Volatile.Read(ref _commits))
            {
                connection.End();
            }
        }
        catch (StoreException)
        {
            // A reader that can't even end its transaction is of no further use.
            isSound = false;
        }

        lock (_gate)
        {
            if (isSound && !connection.IsExpired && !_isClosed && _idle.Count < IdleMax)
            {
                _idle.Push((connection, commits));
            }
            else
            {
                connection.Dispose();
            }

            _ = _active.Remove(reader);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Ends the snapshots that are open, at their next step, and lets none begin until <see cref="Resume"/>.</summary>
    /// <param name="patience">How long to wait for them.</param>
    /// <returns>Whether none is left. A reader that is held and takes no step stays.</returns>
    public bool Drain(TimeSpan patience)
    {
        lock (_gate)
        {
            _isDraining = true;
            CloseIdle();
            var end = Environment.TickCount64 + (long)patience.TotalMilliseconds;
            while (_active.Count + _opening > 0)
            {
                foreach (var reader in _active)
                {
                    reader.Expire();
                }

                var left = end - Environment.TickCount64;
                if (left <= 0 || !Monitor.Wait(_gate, TimeSpan.FromMilliseconds(left)))
                {
                    return _active.Count + _opening == 0;
                }
            }

            return true;
        }
    }

    /// <summary>Lets readers in again.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            _isDraining = false;
            Monitor.PulseAll(_gate);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            CloseIdle();
            Monitor.PulseAll(_gate);
        }
    }

    private void CloseIdle()
    {
        while (_idle.TryPop(out var idle))
        {
            idle.Connection.Dispose();
        }
    }
}
