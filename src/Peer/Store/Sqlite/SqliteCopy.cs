using SQLitePCL;

namespace Replica.Peer.Store.Sqlite;

/// <summary>Copies a database page by page into another file while it is in use.</summary>
/// <remarks>The source's connection must hold its snapshot for as long, or the copy begins anew with each commit of others.</remarks>
internal sealed class SqliteCopy : IDisposable
{
    private const int PagesPerStep = 128;

    private readonly SqliteConnectionHandle _target;
    private readonly sqlite3_backup _copy;

    public SqliteCopy(sqlite3 source, sqlite3 target, SqliteConnectionHandle connection)
    {
        _target = connection;
        _copy = raw.sqlite3_backup_init(target, "main", source, "main");
        if (_copy is null || _copy.IsInvalid)
        {
            throw connection.Fault(raw.sqlite3_errcode(target));
        }
    }

    /// <summary>How many pages there are.</summary>
    public int Total => raw.sqlite3_backup_pagecount(_copy);

    /// <summary>How many are still to be copied.</summary>
    public int Remaining => raw.sqlite3_backup_remaining(_copy);

    /// <summary>Copies some pages.</summary>
    /// <returns>False when all are copied.</returns>
    /// <exception cref="StoreException">One can't be read, or the disk is full.</exception>
    public bool Step()
    {
        var result = raw.sqlite3_backup_step(_copy, PagesPerStep);
        return result switch
        {
            raw.SQLITE_OK => true,
            raw.SQLITE_DONE => false,
            _ => throw _target.Fault(result),
        };
    }

    public void Dispose() => _copy.Dispose();
}
