using Replica.Crdt.Causality;
using Replica.Peer.Store.Sqlite;

namespace Replica.Peer.Store.Integrity;

/// <summary>
/// Verifies one snapshot of a space's file, also while others write: every chain and signature by the one verifier, the state
/// against the one that the log gives, and the file by SQLite's own check.
/// </summary>
internal sealed class SpaceVerification
{
    /// <summary>How many damages of one kind are named; more are only counted.</summary>
    public const int DamagesNamedMax = 1000;

    private const int ProgressEvery = 500;
    private const int FileChecksMax = 100;

    private readonly string _path;
    private readonly string _scratchPath;
    private readonly SpaceId _space;
    private readonly LedgerIdentity _identity;
    private long _count;
    private bool _isLogDamaged;

    /// <param name="path">The space's file.</param>
    /// <param name="scratchPath">Where to build the state anew: about as much room as the file takes.</param>
    /// <param name="space">The name of the space, from outside of the file.</param>
    /// <param name="identity">Checks signatures.</param>
    public SpaceVerification(string path, string scratchPath, SpaceId space, LedgerIdentity identity)
    {
        _path = path;
        _scratchPath = scratchPath;
        _space = space;
        _identity = identity;
    }

    /// <summary>Whether nothing can be written where the space is.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Does the work while it is enumerated; the last event is the sum.</summary>
    /// <param name="cancellationToken">Ends the work between two steps.</param>
    /// <exception cref="StoreException">The file can't be opened, or the scratch file can't be written.</exception>
    public IEnumerable<IntegrityEvent> Run(CancellationToken cancellationToken)
    {
        using var scratch = ScratchSpace.Create(_scratchPath, _space, _identity);
        using var file = OpenSnapshot(scratch.Path);
        file.InterruptWhen(() => cancellationToken.IsCancellationRequested);
        foreach (var step in CheckLog(file, scratch, cancellationToken))
        {
            yield return step;
        }

        if (!_isLogDamaged)
        {
            foreach (var step in CompareState(file, cancellationToken))
            {
                yield return step;
            }
        }

        yield return new IntegrityEvent.Progress("file", 0, 1);
        foreach (var damage in Guard(Check(file)))
        {
            _count++;
            yield return new IntegrityEvent.Found(damage);
        }

        cancellationToken.ThrowIfCancellationRequested();
        yield return new IntegrityEvent.Progress("file", 1, 1);
        var counts = scratch.Count();
        yield return new IntegrityEvent.Verified(new(
            scratch.Ledger.Logs.Count, counts.Changes, counts.Nodes, counts.Edges, _count, !_isLogDamaged));
    }

    private IEnumerable<IntegrityEvent> CheckLog(SqliteConnectionHandle file, ScratchSpace scratch, CancellationToken cancellationToken)
    {
        var source = new LogSource(file);
        yield return new IntegrityEvent.Progress("log", 0, source.LastArrival);
        if (source.ReadSpace() != _space)
        {
            _count++;
            yield return new IntegrityEvent.Found(new(Damage.State, "name of the space", "is not that of the space that the keys are for"));
        }

        var (steps, named) = (0, 0);
        foreach (var step in new LogReplay(source, scratch.Ledger).Run())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (step.Damage is { } damage)
            {
                _count++;
                _isLogDamaged = true;
                if (named++ < DamagesNamedMax)
                {
                    yield return new IntegrityEvent.Found(damage);
                }
            }

            if (++steps % ProgressEvery == 0)
            {
                yield return new IntegrityEvent.Progress("log", step.Arrival, source.LastArrival);
            }
        }

        yield return new IntegrityEvent.Progress("log", source.LastArrival, source.LastArrival);
    }

    private IEnumerable<IntegrityEvent> CompareState(SqliteConnectionHandle file, CancellationToken cancellationToken)
    {
        for (var table = 0; table < StateComparison.Tables.Count; table++)
        {
            yield return new IntegrityEvent.Progress("state", table, StateComparison.Tables.Count);
            var named = 0;
            foreach (var damage in Guard(StateComparison.Compare(file, table)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                _count++;
                if (named++ < DamagesNamedMax)
                {
                    yield return new IntegrityEvent.Found(damage);
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
        }

        yield return new IntegrityEvent.Progress("state", StateComparison.Tables.Count, StateComparison.Tables.Count);
    }

    /// <summary>Turns a file that can't be read on into a damage behind those found before.</summary>
    private IEnumerable<Damage> Guard(IEnumerable<Damage> damages)
    {
        using var found = damages.GetEnumerator();
        while (true)
        {
            Damage? broken = null;
            try
            {
                if (!found.MoveNext())
                {
                    yield break;
                }
            }
            catch (StoreException fault) when (LogSource.IsDamage(fault))
            {
                broken = new(Damage.File, Path.GetFileName(_path), fault.Message);
            }

            yield return broken ?? found.Current;
            if (broken is not null)
            {
                yield break;
            }
        }
    }

    private IEnumerable<Damage> Check(SqliteConnectionHandle file)
    {
        using var check = file.Prepare($"PRAGMA main.integrity_check({FileChecksMax})");
        while (check.Step())
        {
            if (check.Text(0) is var line && line != "ok")
            {
                yield return new(Damage.File, Path.GetFileName(_path), line);
            }
        }
    }

    private SqliteConnectionHandle OpenSnapshot(string scratchPath)
    {
        var file = SqliteConnectionHandle.OpenReader(_path, isReadOnly: IsReadOnly);
        try
        {
            using (var attach = file.Prepare("ATTACH ?1 AS scratch"))
            {
                // Beside a file without locks it would else be read without them too, and it is being written.
                attach.Bind(1, IsReadOnly && !OperatingSystem.IsWindows() ? ReadOnlyFile.ToUri(scratchPath) + "?vfs=unix" : scratchPath).Run();
            }

            // The first question inside the transaction fixes the snapshot.
            file.Execute("BEGIN");
            _ = file.QueryInteger("SELECT count(*) FROM main.sqlite_master");
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
