using SQLitePCL;
using Xunit;

namespace Replica.Tests.EndToEnd.Integrity;

/// <summary>An ordinary SQLite tool on a space's file: plain SQL, none of the engine's code.</summary>
internal static class HandEdit
{
    /// <summary>Runs statements.</summary>
    public static void Run(string path, string sql)
    {
        using var database = Open(path);
        Assert.True(raw.sqlite3_exec(database, sql) == raw.SQLITE_OK, raw.sqlite3_errmsg(database).utf8_to_string());
    }

    /// <summary>The rows that a query gives, the columns joined by bars as the sqlite3 shell has it.</summary>
    public static string[] Query(string path, string sql)
    {
        using var database = Open(path);
        Assert.True(raw.sqlite3_prepare_v2(database, sql, out var rows) == raw.SQLITE_OK, raw.sqlite3_errmsg(database).utf8_to_string());
        using (rows)
        {
            var lines = new List<string>();
            while (raw.sqlite3_step(rows) == raw.SQLITE_ROW)
            {
                lines.Add(string.Join('|', Enumerable.Range(0, raw.sqlite3_column_count(rows)).Select(i => raw.sqlite3_column_text(rows, i).utf8_to_string())));
            }

            return [.. lines];
        }
    }

    private static sqlite3 Open(string path)
    {
        Replica.Peer.Store.Sqlite.SqliteLibrary.Initialize();
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open_v2(path, out var database, raw.SQLITE_OPEN_READWRITE, null));
        return database;
    }
}
