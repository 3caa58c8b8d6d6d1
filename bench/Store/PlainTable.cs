using Microsoft.Data.Sqlite;

namespace Replica.Bench.Store;

/// <summary>An ordinary table of records through Microsoft.Data.Sqlite, with an fsync at each commit.</summary>
internal sealed class PlainTable : IDisposable
{
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _update;
    private readonly SqliteCommand _read;
    private SqliteTransaction? _transaction;

    /// <summary>Makes the table in a new file of the folder.</summary>
    public PlainTable(string folder)
    {
        Connection = new($"Data Source={Path.Combine(folder, "plain.db")};Pooling=False");
        Connection.Open();
        Execute("PRAGMA journal_mode=WAL");
        Execute("PRAGMA synchronous=FULL");
        Execute("""
            CREATE TABLE records (
              id TEXT PRIMARY KEY, title TEXT NOT NULL, quantity INTEGER NOT NULL, price REAL NOT NULL,
              done INTEGER NOT NULL, changed_at TEXT NOT NULL)
            """);
        _insert = Prepare(
            "INSERT INTO records VALUES ($id, $title, $quantity, $price, $done, $changed)", "$id", "$title", "$quantity", "$price", "$done", "$changed");
        _update = Prepare("UPDATE records SET quantity = $quantity WHERE id = $id", "$id", "$quantity");
        _read = Prepare("SELECT title, quantity, price, done, changed_at FROM records WHERE id = $id", "$id");
    }

    private SqliteConnection Connection { get; }

    public void Begin()
    {
        _transaction = Connection.BeginTransaction();
        _insert.Transaction = _update.Transaction = _transaction;
    }

    public void Commit()
    {
        _transaction!.Commit();
        _transaction.Dispose();
        _insert.Transaction = _update.Transaction = null;
    }

    public int Insert(Record record)
    {
        _insert.Parameters["$id"].Value = record.Id;
        _insert.Parameters["$title"].Value = record.Title;
        _insert.Parameters["$quantity"].Value = record.Quantity;
        _insert.Parameters["$price"].Value = record.Price;
        _insert.Parameters["$done"].Value = record.Done;
        _insert.Parameters["$changed"].Value = record.ChangedAt;
        return _insert.ExecuteNonQuery();
    }

    public int Update(string id, long quantity)
    {
        _update.Parameters["$id"].Value = id;
        _update.Parameters["$quantity"].Value = quantity;
        return _update.ExecuteNonQuery();
    }

    public bool Read(string id)
    {
        _read.Parameters["$id"].Value = id;
        using var reader = _read.ExecuteReader();
        return reader.Read() && reader.GetString(0).Length > 0 && reader.GetInt64(1) >= 0 && reader.GetDouble(2) >= 0
            && reader.GetInt64(3) >= 0 && reader.GetString(4).Length > 0;
    }

    /// <summary>Fills it, 1,000 records a transaction.</summary>
    public void Fill(Record[] records)
    {
        foreach (var batch in records.Chunk(1_000))
        {
            Begin();
            Array.ForEach(batch, record => Insert(record));
            Commit();
        }
    }

    public void Dispose()
    {
        _insert.Dispose();
        _update.Dispose();
        _read.Dispose();
        Connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, params string[] parameters)
    {
        var command = Connection.CreateCommand();
        command.CommandText = sql;
        foreach (var parameter in parameters)
        {
            // The type is taken from the value at the first run; a value makes it one that the table has.
            _ = command.Parameters.AddWithValue(parameter, "");
        }

        command.Prepare();
        return command;
    }

    private void Execute(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        _ = command.ExecuteNonQuery();
    }
}
