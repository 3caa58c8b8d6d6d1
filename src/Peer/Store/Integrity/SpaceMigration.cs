using Replica.Peer.Files;
using Replica.Peer.Store.Sqlite;

namespace Replica.Peer.Store.Integrity;

/// <summary>Brings a file of an older format to the one of this version: saves it beside itself, then builds it anew from its log.</summary>
/// <remarks>The log is the same in all formats so far, and the rest follows from it: one way for every pair of formats.</remarks>
internal static class SpaceMigration
{
    private const string RebuildSuffix = "-migrate";

    /// <summary>Migrates the file if it is older; does nothing to others. The caller holds the home.</summary>
    /// <returns>Where the old file was saved; null if it is not older.</returns>
    /// <exception cref="StoreException">The file is damaged, or the disk is full; the file is as it was.</exception>
    public static string? RunIfOlder(string path, LedgerIdentity identity)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            return null;
        }

        int format;
        using (var file = SqliteConnectionHandle.OpenReader(path))
        {
            format = SqliteFormat.ReadOlder(file);
            if (format == 0)
            {
                return null;
            }
        }

        var saved = $"{path}.format-{format}";
        Save(path, saved);
        using var rebuild = new SpaceRebuild(path, path + RebuildSuffix, ReadSpace(path), identity);
        foreach (var step in rebuild.Build(CancellationToken.None))
        {
            if (step is IntegrityEvent.Found { Damage: var damage })
            {
                throw new StoreException(
                    StoreFault.Corrupt, $"'{path}' has the older format {format} and can't be brought to the new one, because it is damaged: "
                        + $"{damage.Subject}: {damage.Detail}. Run 'replica repair'; nothing was changed.");
            }
        }

        rebuild.KeepOwnLog();
        rebuild.Replace(isWithNotes: true);
        return saved;
    }

    private static void Save(string path, string saved)
    {
        var partial = saved + ".partial";
        ScratchSpace.Delete(partial);
        OwnerFile.Create(partial).Dispose();
        using (var source = SqliteConnectionHandle.OpenReader(path))
        using (var target = SqliteConnectionHandle.Open(partial, mayCreate: true))
        using (var copy = source.CopyTo(target))
        {
            while (copy.Step())
            {
            }
        }

        DurableFile.Flush(partial);
        DurableFile.Rename(partial, saved, overwrite: true);
    }

    private static Crdt.Causality.SpaceId ReadSpace(string path)
    {
        using var file = SqliteConnectionHandle.OpenReader(path);
        return new LogSource(file).ReadSpace() ?? throw new StoreException(
            StoreFault.Corrupt, $"The name of the space in '{path}' can't be read: restore a backup, or join again from a peer.");
    }
}
