using Replica.Crdt.Causality;

namespace Replica.Peer.Store.Integrity;

/// <summary>
/// Repairs a space's file: keeps the damaged one beside it, takes over what holds of the log, and builds the state from it.
/// What was cut off comes again from peers. The space goes on in a new log of this device, since the old one may be longer elsewhere.
/// </summary>
/// <param name="path">The file. Nobody has it open.</param>
/// <param name="space">The name of the space, from outside of the file; null to believe the file.</param>
/// <param name="identity">Checks signatures.</param>
/// <param name="now">For the name of the copy.</param>
internal sealed class SpaceRepair(string path, SpaceId? space, LedgerIdentity identity, DateTimeOffset now)
{
    private const string RebuildSuffix = "-repair";

    /// <summary>Does the work while it is enumerated.</summary>
    /// <exception cref="StoreException">Nothing of the log can be read; the file is as it was.</exception>
    /// <exception cref="IOException">The copy can't be made.</exception>
    public IEnumerable<IntegrityEvent> Run(CancellationToken cancellationToken)
    {
        var saved = $"{path}.damaged-{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}";
        foreach (var step in Save(saved, cancellationToken))
        {
            yield return step;
        }

        using var rebuild = Open(saved);
        foreach (var step in rebuild.Build(cancellationToken))
        {
            yield return step;
        }

        if (rebuild.Counts.Changes == 0)
        {
            throw Nothing(saved, null);
        }

        rebuild.Replace(isWithNotes: false);
        var counts = rebuild.Counts;
        yield return new IntegrityEvent.Repaired(new(
            saved, counts.Changes, Math.Max(0, rebuild.LastArrival - counts.Changes), counts.Nodes, counts.Edges));
    }

    private IEnumerable<IntegrityEvent> Save(string saved, CancellationToken cancellationToken)
    {
        foreach (var suffix in new[] { "", "-wal" })
        {
            if (!File.Exists(path + suffix))
            {
                continue;
            }

            var total = new FileInfo(path + suffix).Length;
            foreach (var done in FileCopy.Run(path + suffix, saved + suffix))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return new IntegrityEvent.Progress("copy", done, total);
            }
        }
    }

    private SpaceRebuild Open(string saved)
    {
        try
        {
            return new(path, path + RebuildSuffix, space ?? ReadSpace() ?? throw Nothing(saved, null), identity);
        }
        catch (StoreException fault) when (fault.Fault == StoreFault.NotASpace)
        {
            throw Nothing(saved, fault);
        }
    }

    private SpaceId? ReadSpace()
    {
        using var file = Sqlite.SqliteConnectionHandle.OpenReader(path);
        return new LogSource(file).ReadSpace();
    }

    private StoreException Nothing(string saved, StoreException? cause) => new(
        StoreFault.Corrupt, $"Nothing of the log in '{path}' can be read: restore a backup, or join again from a peer. "
            + $"The file is as it was, and its copy is '{saved}'.", cause);
}
