namespace Replica.Peer.Store.Sqlite;

/// <summary>Tells a space from other files and its version from newer ones, before anything else is read.</summary>
internal static class SqliteFormat
{
    /// <summary>"Rplc" in ASCII, in the header of the file.</summary>
    private const int ApplicationId = 0x52706c63;

    private const int Version = 2;

    private const int VersionOldest = 1;

    /// <summary>A transaction that writes one page and changes nothing.</summary>
    public static string Touch => $"PRAGMA user_version = {Version}";

    /// <summary>The format of a space that is older than this version's and can be migrated; 0 for any other file.</summary>
    public static int ReadOlder(SqliteConnectionHandle file)
    {
        var version = file.QueryInteger("PRAGMA user_version");
        return file.QueryInteger("PRAGMA application_id") == ApplicationId && version is >= VersionOldest and < Version ? (int)version : 0;
    }

    /// <summary>Checks the file, or makes a new space of an empty one.</summary>
    /// <exception cref="StoreException">It is no space or a newer one.</exception>
    public static void Prepare(SqliteConnectionHandle writer, string path, bool mayCreate, bool isReadOnly = false)
    {
        // A hostile file must not run code through its schema, and a damaged cell must be an error, not a crash.
        writer.Execute("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;");
        var application = writer.QueryInteger("PRAGMA application_id");
        if (application == 0 && mayCreate && writer.QueryInteger("SELECT count(*) FROM sqlite_master") == 0)
        {
            writer.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
            writer.Execute("BEGIN IMMEDIATE");
            writer.Execute(SqlText.Schema);
            writer.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version};");
            writer.Execute("COMMIT");
            return;
        }

        var version = Check(writer, path);
        if (version < Version)
        {
            throw new StoreException(
                StoreFault.Corrupt, version < VersionOldest
                    ? $"'{path}' says that it has store format {version}, which there never was: it is damaged; run 'replica repair'."
                    : $"'{path}' has the older store format {version}: open its home, which brings it to format {Version}.");
        }

        if (!isReadOnly)
        {
            writer.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        }
    }

    /// <summary>Refuses what is no space, or is newer.</summary>
    /// <returns>The format.</returns>
    /// <exception cref="StoreException">It is one of these.</exception>
    public static long Check(SqliteConnectionHandle file, string path)
    {
        if (file.QueryInteger("PRAGMA application_id") != ApplicationId)
        {
            throw new StoreException(StoreFault.NotASpace, $"'{path}' is a database, but no Replica space: name another one.");
        }

        var version = file.QueryInteger("PRAGMA user_version");
        return version <= Version ? version : throw new StoreException(
            StoreFault.NewerFormat,
            $"'{path}' has store format {version}, and this version knows {Version}: install a newer version. Nothing was changed.");
    }
}
