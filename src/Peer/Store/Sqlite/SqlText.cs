using System.Collections.Frozen;

namespace Replica.Peer.Store.Sqlite;

/// <summary>The SQL of the store, kept in <c>.sql</c> files.</summary>
internal static class SqlText
{
    private const string NameMark = "-- name: ";
    private static readonly FrozenDictionary<string, string> Statements = Split(Read("statements.sql") + Read("comparison.sql")).ToFrozenDictionary();

    /// <summary>Creates everything in an empty file.</summary>
    public static string Schema { get; } = Read("schema.sql");

    /// <summary>The statement of that name.</summary>
    public static string Statement(string name) => Statements[name];

    private static IEnumerable<KeyValuePair<string, string>> Split(string text)
    {
        foreach (var part in text.Split(NameMark, StringSplitOptions.RemoveEmptyEntries))
        {
            var end = part.IndexOf('\n', StringComparison.Ordinal);
            yield return new(part[..end].Trim(), part[(end + 1)..]);
        }
    }

    private static string Read(string file)
    {
        using var stream = typeof(SqlText).Assembly.GetManifestResourceStream($"Replica.Peer.Store.Sqlite.Sql.{file}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
