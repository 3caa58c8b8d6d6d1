using Replica.Crdt.Causality;

namespace Replica.Peer.Store.Sqlite;

/// <summary>Rows that both the writer and the readers take out of statements.</summary>
internal static class SqliteRows
{
    /// <summary>What stands for the parent of a branch that left no other.</summary>
    public const int NoParent = -1;

    /// <summary>The run that the statement stands on.</summary>
    public static RunRow Run(SqliteStatement row) => new(
        row.Integer(0),
        new((int)row.Integer(1)),
        (ulong)row.Integer(2),
        (ulong)row.Integer(3),
        ChainHead.FromBytes(row.Span(4)),
        ChainHead.FromBytes(row.Span(5)),
        new(row.Bytes(6)),
        (int)row.Integer(7));

    /// <summary>The log that the statement stands on.</summary>
    public static LogRow Log(SqliteStatement row) => new(
        new((int)row.Integer(0)),
        LogId.FromBytes(row.Span(1)),
        AuthorKey.FromBytes(row.Span(2)),
        row.Text(3),
        (ulong)row.Integer(4),
        ChainHead.FromBytes(row.Span(5)),
        new(unchecked((ulong)row.Integer(6))))
    {
        Fork = row.Integer(7) != NoParent ? new(new((int)row.Integer(7)), (ulong)row.Integer(8)) : null,
    };

    /// <summary>The edge that the statement stands on: alive, data, clocks, conflicts, link.</summary>
    public static ElementRow Edge(SqliteStatement row) =>
        new(row.Integer(0) != 0, "", row.Bytes(1), row.Bytes(2)) { HasConflicts = row.Integer(3) != 0, Link = row.Link(4) };

    /// <summary>The change that the statement stands on.</summary>
    public static StoredChange Change(SqliteStatement row) =>
        new(row.Integer(0), new((int)row.Integer(1)), (ulong)row.Integer(2), row.Bytes(3));

    /// <summary>All changes that a statement gives.</summary>
    public static List<StoredChange> Changes(SqliteStatement rows)
    {
        var changes = new List<StoredChange>();
        while (rows.Step())
        {
            changes.Add(Change(rows));
        }

        return changes;
    }
}
