using Replica.Peer.Store.Sqlite;

namespace Replica.Peer.Store.Integrity;

/// <summary>Compares two spaces in one connection, <c>main</c> and <c>scratch</c>, table by table and row by row, inside SQLite.</summary>
/// <remarks>Rows are joined by what they are about, not by their local numbers. Nothing is held in memory but the row at hand.</remarks>
internal static class StateComparison
{
    /// <summary>What is compared, in this order.</summary>
    public static readonly IReadOnlyList<(string Statement, Func<SqliteStatement, string> Name)> Tables =
    [
        ("compare_schema", static row => $"{row.Text(1)} {row.Text(2)}"),
        ("compare_logs", static row => $"log number {row.Integer(1)}"),
        ("compare_branch_heads", static row => $"head of log number {row.Integer(1)} at change {row.Integer(2)}"),
        ("compare_runs", static row => $"run at arrival {row.Integer(1)}"),
        ("compare_space_changes", static row => $"change on the space at arrival {row.Integer(1)}"),
        ("compare_contexts", static row => $"context of log number {row.Integer(1)} at change {row.Integer(2)}"),
        ("compare_nodes", static row => $"node \"{row.Text(1)}\""),
        ("compare_edges", NameEdge),
        ("compare_moves", static row => $"move of node \"{row.Text(1)}\""),
        ("compare_tree", static row => $"place of node \"{row.Text(1)}\""),
        ("compare_to_one", static row => $"to-one relation \"{row.Text(1)}\""),
    ];

    private static string NameEdge(SqliteStatement row) => $"edge \"{row.Text(1)}\" -{row.Text(2)}-> \"{row.Text(3)}\""
        + (row.Text(4) is { Length: > 0 } key ? $" key \"{key}\"" : "");

    /// <summary>The differences in one table; the table and the code are those of <paramref name="table"/>.</summary>
    /// <exception cref="StoreException">The file can't be read there.</exception>
    public static IEnumerable<Damage> Compare(SqliteConnectionHandle both, int table)
    {
        var (statement, name) = Tables[table];
        var code = table == 0 ? Damage.Schema : Damage.State;
        using var rows = both.Prepare(SqlText.Statement(statement));
        while (rows.Step())
        {
            yield return new(code, name(rows), rows.Text(0));
        }
    }
}
