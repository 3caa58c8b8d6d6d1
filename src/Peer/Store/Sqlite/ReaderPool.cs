namespace Replica.Peer.Store.Sqlite;

/// <summary>Connections that read snapshots beside the writer. They never checkpoint.</summary>
internal sealed class ReaderPool(string path, string? fileSystem) : IDisposable
{
    /// <summary>How many idle connections are kept; more are opened when needed and closed after use.</summary>
    private const int IdleMax = 4;

    private readonly Lock _gate = new();
    private readonly Stack<SqliteConnectionHandle> _idle = [];
    private bool _isClosed;

    /// <summary>A snapshot of what is committed now.</summary>
    public SqliteReader Open()
    {
        SqliteConnectionHandle? connection;
        lock (_gate)
        {
            if (_isClosed)
            {
                throw new StoreException(StoreFault.Closed, "The space is closed: open it again.");
            }

            _ = _idle.TryPop(out connection);
        }

        connection ??= SqliteConnectionHandle.OpenReader(path, fileSystem);
        try
        {
            connection.Execute("BEGIN");
            return new(connection, this);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Takes a connection back.</summary>
    public void Return(SqliteConnectionHandle connection)
    {
        try
        {
            connection.Execute("ROLLBACK");
        }
        catch (StoreException)
        {
            // A reader that can't even end its transaction is of no further use.
            connection.Dispose();
            return;
        }

        lock (_gate)
        {
            if (!_isClosed && _idle.Count < IdleMax)
            {
                _idle.Push(connection);
                return;
            }
        }

        connection.Dispose();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            while (_idle.TryPop(out var connection))
            {
                connection.Dispose();
            }
        }
    }
}
