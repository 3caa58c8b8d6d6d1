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
        File.Copy(left, FilePath);
        if (File.Exists(left + WriteAheadLog))
        {
            File.Copy(left + WriteAheadLog, FilePath + WriteAheadLog);
        }

        _engine.Dispose();
        File.Delete(left);
        _engine = SqliteEngine.Open(FilePath, mayCreate: false);
    }

    public override void Dispose()
    {
        _engine.Dispose();
        File.Delete(FilePath);
    }
}
