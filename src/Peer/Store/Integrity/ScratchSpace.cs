using Replica.Crdt.Causality;
using Replica.Peer.Files;
using Replica.Peer.Store.Sqlite;

namespace Replica.Peer.Store.Integrity;

/// <summary>An empty space in a file of its own, to build a state in. It is not flushed, and gone when disposed unless it is kept.</summary>
internal sealed class ScratchSpace : IDisposable
{
    private static readonly string[] Suffixes = ["", "-wal", "-shm", "-journal"];

    private readonly SqliteEngine _engine;
    private bool _isKept;

    private ScratchSpace(string path, SqliteEngine engine, SpaceLedger ledger)
    {
        Path = path;
        _engine = engine;
        Ledger = ledger;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Takes the changes.</summary>
    public SpaceLedger Ledger { get; }

    /// <summary>Makes one; what an interrupted one left at this path goes.</summary>
    /// <exception cref="StoreException">The file can't be made.</exception>
    public static ScratchSpace Create(string path, SpaceId space, LedgerIdentity identity)
    {
        Delete(path);
        var engine = SqliteEngine.Open(path, mayCreate: true);
        try
        {
            engine.DoNotFlush();
            var ledger = new SpaceLedger(engine, identity);
            ledger.Begin();
            ledger.Join(space);
            ledger.Commit();
            return new(path, engine, ledger);
        }
        catch
        {
            engine.Dispose();
            Delete(path);
            throw;
        }
    }

    /// <summary>Deletes a database with all that SQLite puts beside it.</summary>
    public static void Delete(string path)
    {
        foreach (var suffix in Suffixes)
        {
            File.Delete(path + suffix);
        }
    }

    /// <summary>How much it holds.</summary>
    public StoreCounts Count()
    {
        using var reader = _engine.OpenReader();
        return reader.Count();
    }

    /// <summary>Closes it and leaves one complete, flushed file.</summary>
    /// <param name="finish">Writes what no ledger writes.</param>
    public void Keep(Action<SqliteConnectionHandle> finish)
    {
        _engine.Dispose();
        using (var file = SqliteConnectionHandle.Open(Path, mayCreate: false))
        {
            finish(file);
            _ = file.Checkpoint(isWhole: true);
        }

        DurableFile.Flush(Path);
        _isKept = true;
    }

    public void Dispose()
    {
        if (!_isKept)
        {
            _engine.Dispose();
            Delete(Path);
        }
    }
}
