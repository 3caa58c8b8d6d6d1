using Microsoft.Data.Sqlite;

namespace Replica.Bench.Rows;

/// <summary>An ordinary table through Microsoft.Data.Sqlite: no history, no merge, no sync. The price of Replica is the distance to it.</summary>
internal sealed class PlainTableImport(Record[] records) : Contender
{
    private const int RecordsInTransaction = 1_000;

    /// <inheritdoc/>
    public override ValueTask<long> RunAsync(string folder, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Import(folder, cancellationToken));

    private long Import(string folder, CancellationToken cancellationToken)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "plain.db")};Pooling=False");
        connection.Open();
        Execute(connection, "PRAGMA journal_mode=WAL");
        Execute(connection, "PRAGMA synchronous=FULL");
        Execute(connection, """
            CREATE TABLE records (
              id TEXT PRIMARY KEY, title TEXT NOT NULL, quantity INTEGER NOT NULL, price REAL NOT NULL,
              done INTEGER NOT NULL, changed_at TEXT NOT NULL)
            """);
        var done = 0L;
        foreach (var batch in records.Chunk(RecordsInTransaction))
        {
            cancellationToken.ThrowIfCancellationRequested();
            done += Insert(connection, batch);
        }

        return done;
    }

    private static int Insert(SqliteConnection connection, Record[] batch)
    {
        using var transaction = connection.BeginTransaction();
        using var insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = "INSERT INTO records VALUES ($id, $title, $quantity, $price, $done, $changed)";
        var id = insert.Parameters.Add("$id", SqliteType.Text);
        var title = insert.Parameters.Add("$title", SqliteType.Text);
        var quantity = insert.Parameters.Add("$quantity", SqliteType.Integer);
        var price = insert.Parameters.Add("$price", SqliteType.Real);
        var done = insert.Parameters.Add("$done", SqliteType.Integer);
        var changed = insert.Parameters.Add("$changed", SqliteType.Text);
        insert.Prepare();
        var rows = 0;
        foreach (var record in batch)
        {
            id.Value = record.Id;
            title.Value = record.Title;
            quantity.Value = record.Quantity;
            price.Value = record.Price;
            done.Value = record.Done;
            changed.Value = record.ChangedAt;
            rows += insert.ExecuteNonQuery();
        }

        transaction.Commit();
        return rows;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
