using Replica.Peer.Store;
using Replica.Peer.Store.Incarnations;
using Replica.Testing.Scenarios;

namespace Replica.Testing.World;

/// <summary>Rests in SQLite files. What the operating system has not put on disk can't be told apart here: a power cut is a crash.</summary>
/// <param name="prefix">Folder and first part of the names of its files.</param>
internal sealed class SqliteRest(string prefix) : SimulatedRest
{
    private readonly SqliteReplicaStore _files = new(prefix);

    public override IStoreEngine Engine => _files.Engine;

    public override IStorePlace? Place => null;

    public override void KeepDurable()
    {
    }

    public override void Settle(ProcessEnd how)
    {
        if (how == ProcessEnd.InOrder)
        {
            _files.Restart();
        }
        else
        {
            _files.Crash();
        }
    }

    public override void Dispose() => _files.Dispose();
}
