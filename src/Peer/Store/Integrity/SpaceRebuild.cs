using Replica.Crdt.Causality;
using Replica.Peer.Files;
using Replica.Peer.Store.Sqlite;

namespace Replica.Peer.Store.Integrity;

/// <summary>Builds a space anew in a second file from whatever holds of the log in the first, and puts it in its place.</summary>
/// <remarks>Repair and migration are this. The caller holds the home, so nobody else has the file open.</remarks>
internal sealed class SpaceRebuild : IDisposable
{
    private const int ProgressEvery = 500;

    private readonly string _path;
    private readonly ScratchSpace _target;
    private readonly SqliteConnectionHandle _file;
    private readonly LogSource _source;
    private bool _isFileClosed;

    public SpaceRebuild(string path, string targetPath, SpaceId space, LedgerIdentity identity)
    {
        _path = path;
        _target = ScratchSpace.Create(targetPath, space, identity);
        try
        {
            _file = SqliteConnectionHandle.OpenReader(path);
            _source = new(_file);
        }
        catch
        {
            _file?.Dispose();
            _target.Dispose();
            throw;
        }
    }

    /// <summary>How many changes the old file says it has; 0 if that can't be read.</summary>
    public long LastArrival => _source.LastArrival;

    /// <summary>How much the new file holds, once it is built.</summary>
    public StoreCounts Counts { get; private set; }

    /// <summary>Builds the new file while it is enumerated; damages are told and left out.</summary>
    public IEnumerable<IntegrityEvent> Build(CancellationToken cancellationToken)
    {
        yield return new IntegrityEvent.Progress("log", 0, LastArrival);
        var (steps, named) = (0, 0);
        foreach (var step in new LogReplay(_source, _target.Ledger).Run())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (step.Damage is { } damage && named++ < SpaceVerification.DamagesNamedMax)
            {
                yield return new IntegrityEvent.Found(damage);
            }

            if (++steps % ProgressEvery == 0)
            {
                yield return new IntegrityEvent.Progress("log", step.Arrival, LastArrival);
            }
        }

        Counts = _target.Count();
        yield return new IntegrityEvent.Progress("log", LastArrival, LastArrival);
    }

    /// <summary>Lets the new file go on writing the log that the old one wrote, if all of that log is there.</summary>
    public void KeepOwnLog()
    {
        var tips = _source.ReadTips();
        if (ReadSettings().FirstOrDefault(static row => row.Name == "own_branch").Value is not { } text
            || !int.TryParse(System.Text.Encoding.UTF8.GetString(text), out var own) || !tips.TryGetValue(own, out var tip)
            || _target.Ledger.Logs.FirstOrDefault(log => log.Log == tip.Log && log.Seq == tip.Seq) is not { } log)
        {
            return;
        }

        _target.Ledger.Begin();
        _target.Ledger.SetIdentity(_target.Ledger.Space, log.Branch);
        _target.Ledger.Commit();
    }

    /// <summary>Puts the new file in place of the old one. Either of them is there whenever the power goes.</summary>
    /// <param name="isWithNotes">Whether what this replica noted for itself is kept; in a damaged file a note may be what is damaged.</param>
    public void Replace(bool isWithNotes)
    {
        var settings = ReadSettings()
            .Where(row => isWithNotes ? row.Name is not ("space" or "own_branch") : row.Name == "durability").ToArray();
        _target.Keep(made =>
        {
            foreach (var (name, value) in settings)
            {
                using var save = made.Prepare("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)");
                save.Bind(1, name).Bind(2, value).Run();
            }
        });
        _file.Dispose();
        _isFileClosed = true;

        // What lies beside the old file belongs to it alone: behind the new one it would be taken for a part of that.
        foreach (var suffix in new[] { "-wal", "-shm", "-journal" })
        {
            File.Delete(_path + suffix);
        }

        DurableFile.Rename(_target.Path, _path, overwrite: true);
    }

    public void Dispose()
    {
        if (!_isFileClosed)
        {
            _file.Dispose();
        }

        _target.Dispose();
    }

    private List<(string Name, byte[] Value)> ReadSettings()
    {
        var rows = new List<(string, byte[])>();
        try
        {
            using var read = _file.Prepare("SELECT name, value FROM meta");
            while (read.Step())
            {
                rows.Add((read.Text(0), read.Bytes(1)));
            }
        }
        catch (StoreException fault) when (LogSource.IsDamage(fault))
        {
            // Settings that can't be read fall back to what a new space has.
        }

        return rows;
    }
}
