using Replica.Peer.Files;
using Replica.Peer.Store.Sqlite;

namespace Replica.Peer.Store.Integrity;

/// <summary>Copies one snapshot of a space into one new file while others write, and shows it under its name when it is complete.</summary>
/// <remarks>
/// The copy writes no log: whoever opens it begins a new one. It has one table more, <c>backup</c>, with its version and the sealed
/// keys if they are in it.
/// </remarks>
internal sealed class SpaceBackup : IDisposable
{
    /// <summary>The row of the table <c>backup</c> that holds the sealed keys.</summary>
    public const string KeysName = "keys";

    private readonly string _path;
    private readonly bool _isReadOnly;
    private readonly string _file;
    private readonly string _partial;

    /// <summary>Prepares a backup.</summary>
    /// <param name="path">The space's file.</param>
    /// <param name="file">The file to make.</param>
    /// <param name="isReadOnly">Whether nothing can be written where the space is.</param>
    /// <exception cref="IOException">There is such a file already, or it can't be made.</exception>
    public SpaceBackup(string path, string file, bool isReadOnly = false)
    {
        if (File.Exists(file))
        {
            throw new IOException($"'{file}' is there already: name a new file; a backup is never written over another.");
        }

        _path = path;
        _isReadOnly = isReadOnly;
        _file = file;
        _partial = file + ".partial";
        ScratchSpace.Delete(_partial);
        OwnerFile.Create(_partial).Dispose();
    }

    /// <summary>Copies while it is enumerated.</summary>
    /// <param name="sealedKeys">The sealed keys; null to leave them out.</param>
    /// <param name="cancellationToken">Ends it between two steps.</param>
    /// <exception cref="StoreException">A page can't be read, or the disk is full.</exception>
    public IEnumerable<IntegrityEvent> Copy(byte[]? sealedKeys, CancellationToken cancellationToken)
    {
        using var target = SqliteConnectionHandle.Open(_partial, mayCreate: true);
        target.Execute("PRAGMA synchronous = OFF");
        using (var source = SqliteConnectionHandle.OpenReader(_path, isReadOnly: _isReadOnly))
        {
            // The first question inside the transaction fixes the snapshot; without it every commit would begin the copy anew.
            source.Execute("BEGIN");
            var pageBytes = source.QueryInteger("PRAGMA page_size");
            _ = source.QueryInteger("SELECT count(*) FROM sqlite_master");
            using var copy = source.CopyTo(target);
            while (copy.Step())
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return new IntegrityEvent.Progress("copy", (copy.Total - copy.Remaining) * pageBytes, copy.Total * pageBytes);
            }
        }

        // One file that can be read where nothing can be written.
        target.Execute("PRAGMA journal_mode = DELETE");
        target.Execute("BEGIN; DELETE FROM meta WHERE name NOT IN ('space', 'durability'); DELETE FROM waypoints;"
            + "CREATE TABLE backup (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID; INSERT INTO backup VALUES ('version', 1); COMMIT");
        if (sealedKeys is not null)
        {
            using var save = target.Prepare("INSERT INTO backup (name, value) VALUES (?1, ?2)");
            save.Bind(1, KeysName).Bind(2, sealedKeys).Run();
        }
    }

    /// <summary>Puts the copy on disk and gives it its name.</summary>
    /// <exception cref="IOException">Somebody made a file of that name meanwhile, or the disk failed.</exception>
    public IntegrityEvent Publish(bool hasKeys)
    {
        DurableFile.Flush(_partial);
        DurableFile.Rename(_partial, _file, overwrite: false);
        return new IntegrityEvent.Saved(new(_file, new FileInfo(_file).Length, hasKeys));
    }

    public void Dispose() => ScratchSpace.Delete(_partial);
}
