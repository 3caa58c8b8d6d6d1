namespace Replica.Peer.Store.Sqlite;

/// <summary>Connections that read snapshots beside the writer. They never checkpoint.</summary>
internal sealed class ReaderPool(string path, string? fileSystem) : IDisposable
{
    /// <summary>How many idle connections are kept; more are opened when needed and closed after use.</summary>
    private const int IdleMax = 4;

    // A monitor: readers and the writer wait for each other here.
    private readonly object _gate = new();
    private readonly Stack<SqliteConnectionHandle> _idle = [];
    private readonly HashSet<SqliteReader> _active = [];
    private int _opening;
    private bool _isDraining;
    private bool _isClosed;

    /// <summary>A snapshot of what is committed now.</summary>
    public SqliteReader Open()
    {
        SqliteConnectionHandle? connection;
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

            _ = _idle.TryPop(out connection);
            _opening++;
        }

        SqliteReader? reader = null;
        try
        {
            connection ??= SqliteConnectionHandle.OpenReader(path, fileSystem);
            connection.Statement("begin").Reset().Run();
            return reader = new(connection, this);
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

    /// <summary>Takes a connection back.</summary>
    public void Return(SqliteReader reader, SqliteConnectionHandle connection)
    {
        var isSound = true;
        try
        {
            connection.End();
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
                _idle.Push(connection);
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
        while (_idle.TryPop(out var connection))
        {
            connection.Dispose();
        }
    }
}
