using SQLitePCL;

namespace Replica.Peer.Store.Sqlite;

/// <summary>A prepared statement: bind, step, read columns, reset. One thread at a time.</summary>
internal sealed class SqliteStatement(SqliteConnectionHandle connection, sqlite3_stmt handle) : IDisposable
{
    /// <summary>Makes it ready to be bound anew.</summary>
    public SqliteStatement Reset()
    {
        _ = raw.sqlite3_reset(handle);
        return this;
    }

    public SqliteStatement Bind(int parameter, long value)
    {
        _ = raw.sqlite3_bind_int64(handle, parameter, value);
        return this;
    }

    public SqliteStatement Bind(int parameter, string value)
    {
        // By bytes: a zero character inside must not end the text.
        Span<byte> buffer = value.Length <= 256 ? stackalloc byte[768] : new byte[value.Length * 3];
        var length = System.Text.Encoding.UTF8.GetBytes(value, buffer);
        return BindText(parameter, buffer[..length]);
    }

    public SqliteStatement BindText(int parameter, ReadOnlySpan<byte> utf8)
    {
        // An empty span has no address and would be bound as null.
        _ = utf8.IsEmpty ? raw.sqlite3_bind_text(handle, parameter, "") : raw.sqlite3_bind_text(handle, parameter, utf8);
        return this;
    }

    public SqliteStatement Bind(int parameter, ReadOnlySpan<byte> blob)
    {
        _ = blob.IsEmpty ? raw.sqlite3_bind_zeroblob(handle, parameter, 0) : raw.sqlite3_bind_blob(handle, parameter, blob);
        return this;
    }

    /// <summary>Runs to the next row.</summary>
    /// <returns>False at the end; the statement is then reset.</returns>
    public bool Step()
    {
        var result = connection.IsExpired ? raw.SQLITE_INTERRUPT : raw.sqlite3_step(handle);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        _ = raw.sqlite3_reset(handle);
        return result == raw.SQLITE_DONE ? false : throw connection.Fault(result);
    }

    /// <summary>Runs a statement without rows.</summary>
    public void Run() => _ = Step();

    public long Integer(int column) => raw.sqlite3_column_int64(handle, column);

    /// <summary>A blob or text as a view that lasts until the next step.</summary>
    public ReadOnlySpan<byte> Span(int column) => raw.sqlite3_column_blob(handle, column);

    public byte[] Bytes(int column) => Span(column).ToArray();

    public string Text(int column) => System.Text.Encoding.UTF8.GetString(Span(column));

    public void Dispose() => handle.Dispose();
}
