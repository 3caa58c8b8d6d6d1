using Replica.Peer.Store;
using Replica.Peer.Store.Sqlite;

namespace Replica.Testing.Scenarios;

/// <summary>A store in a SQLite file. A crash goes on from a copy of the files as they lie while the store is still open.</summary>
internal sealed class SqliteReplicaStore : ReplicaStore
{
    private const string WriteAheadLog = "-wal";

    private readonly string _prefix;
    private SqliteEngine _engine;
    private int _copies;
    private int _backups;

    /// <param name="prefix">Folder and first part of the names of its files; nothing of that name may be there.</param>
    public SqliteReplicaStore(string prefix)
    {
        _prefix = prefix;
        _engine = SqliteEngine.Open(FilePath, mayCreate: true);
    }

    public override IStoreEngine Engine => _engine;

    private string FilePath => $"{_prefix}-{_copies}.replica";

    public override void Restart()
    {
        _engine.Dispose();
        _engine = SqliteEngine.Open(FilePath, mayCreate: false);
    }

    public override void Crash()
    {
        var left = FilePath;
        _copies++;
        CopyFiles(left, FilePath);
        _engine.Dispose();
        File.Delete(left);
        _engine = SqliteEngine.Open(FilePath, mayCreate: false);
    }

    public override StoreCopy Copy()
    {
        var copy = $"{_prefix}-backup-{_backups++}";
        CopyFiles(FilePath, copy);
        return new StoreCopy.InFiles(copy);
    }

    public override void Dispose()
    {
        _engine.Dispose();
        File.Delete(FilePath);
        for (var i = 0; i < _backups; i++)
        {
            File.Delete($"{_prefix}-backup-{i}");
            File.Delete($"{_prefix}-backup-{i}{WriteAheadLog}");
        }
    }

    protected override void Replace(StoreCopy? copy)
    {
        _engine.Dispose();
        File.Delete(FilePath);
        if (copy is StoreCopy.InFiles files)
        {
            CopyFiles(files.Path, FilePath);
        }

        _engine = SqliteEngine.Open(FilePath, mayCreate: copy is null);
    }

    private static void CopyFiles(string from, string to)
    {
        File.Copy(from, to);
        if (File.Exists(from + WriteAheadLog))
        {
            File.Copy(from + WriteAheadLog, to + WriteAheadLog);
        }
    }
}
