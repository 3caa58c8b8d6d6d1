using Replica.Peer.Store;
using Replica.Peer.Store.Incarnations;
using Replica.Peer.Store.Memory;

namespace Replica.Testing.World;

/// <summary>Rests in memory: what was put on disk is a state that is kept.</summary>
internal sealed class MemoryRest : SimulatedRest
{
    private readonly MemoryPlace _place;
    private MemoryEngine _engine = new();
    private MemoryState? _durable;
    private int _boots;

    /// <param name="number">The number of the machine.</param>
    public MemoryRest(int number)
    {
        _place = new() { Facts = new($"machine {number}", "boot 0", $"file {number}", 0) };
    }

    public override IStoreEngine Engine => _engine;

    public override IStorePlace Place => _place;

    public override void KeepDurable() => _durable = _engine.Committed;

    public override void Settle(ProcessEnd how)
    {
        _engine = new(how == ProcessEnd.PowerCut ? _durable ?? MemoryState.Empty : _engine.Committed);
        if (how == ProcessEnd.PowerCut)
        {
            _place.Facts = _place.Facts with { Boot = $"boot {++_boots}" };
        }
    }

    /// <summary>A copy of what is on disk now.</summary>
    public Backup TakeBackup() => new((_durable ?? MemoryState.Empty).Copy(), _place.Sidecar, _place.Facts);

    /// <summary>Puts a copy in place of what is here.</summary>
    /// <param name="backup">The copy.</param>
    /// <param name="how">What comes back with the database.</param>
    public void Restore(Backup backup, RestoreKind how)
    {
        _engine = new(backup.State.Copy());
        _durable = _engine.Committed;
        switch (how)
        {
            case RestoreKind.FileAlone:
                _place.Facts = _place.Facts with { File = $"{_place.Facts.File}'" };
                break;
            case RestoreKind.FileWithoutSidecar:
                _place.Sidecar = null;
                break;
            case RestoreKind.FileAndSidecar:
                _place.Sidecar = backup.Sidecar;
                break;
            default:
                _place.Sidecar = backup.Sidecar;
                _place.Facts = backup.Facts;
                break;
        }
    }

    public override void Dispose() => _engine.Dispose();

    /// <summary>A database file, the small file beside it, and what the machine said.</summary>
    internal sealed record Backup(MemoryState State, byte[]? Sidecar, PlaceFacts Facts);
}
