using Replica.Crdt.Causality;
using Replica.Peer.Files;
using Replica.Peer.Store.Sqlite;

namespace Replica.Peer.Store.Integrity;

/// <summary>Makes a space's file of a backup: copies it, verifies the copy, and takes out what belongs to the backup alone.</summary>
/// <param name="backup">The backup.</param>
/// <param name="path">The file to make.</param>
internal sealed class SpaceRestore(string backup, string path)
{
    /// <summary>What the backup says about itself: the space, and the sealed keys if it has them.</summary>
    /// <exception cref="StoreException">It is no space, or its format is newer.</exception>
    public static (SpaceId Space, byte[]? SealedKeys) Read(string backup, bool isReadOnly = false)
    {
        using var file = SqliteConnectionHandle.OpenReader(backup, isReadOnly: isReadOnly);
        SqliteFormat.Check(file, backup);
        var space = new LogSource(file).ReadSpace()
            ?? throw new StoreException(StoreFault.Corrupt, $"'{backup}' does not say which space it is: it is damaged. Take another backup.");
        if (file.QueryInteger("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'backup'") == 0)
        {
            return (space, null);
        }

        using var keys = file.Prepare("SELECT value FROM backup WHERE name = 'keys'");
        return (space, keys.Step() ? keys.Bytes(0) : null);
    }

    /// <summary>Does the work while it is enumerated; the last event is that of the verification.</summary>
    /// <exception cref="DamagedException">The backup is damaged; nothing is left of the copy.</exception>
    public IEnumerable<IntegrityEvent> Run(SpaceId space, LedgerIdentity identity, CancellationToken cancellationToken)
    {
        var copy = path + "-restore";
        try
        {
            ScratchSpace.Delete(copy);
            var total = new FileInfo(backup).Length;
            foreach (var done in FileCopy.Run(backup, copy))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return new IntegrityEvent.Progress("copy", done, total);
            }

            _ = SpaceMigration.RunIfOlder(copy, identity);
            foreach (var step in new SpaceVerification(copy, copy + "-verify", space, identity).Run(cancellationToken))
            {
                if (step is IntegrityEvent.Found { Damage: var damage })
                {
                    throw new DamagedException(damage);
                }

                yield return step;
            }

            using (var file = SqliteConnectionHandle.Open(copy, mayCreate: false))
            {
                file.Execute("DROP TABLE IF EXISTS backup; DELETE FROM meta WHERE name NOT IN ('space', 'durability'); DELETE FROM waypoints;");
            }

            DurableFile.Flush(copy);
            DurableFile.Rename(copy, path, overwrite: false);
        }
        finally
        {
            ScratchSpace.Delete(copy);
        }
    }
}
