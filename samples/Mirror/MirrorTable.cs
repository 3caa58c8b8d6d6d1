using Microsoft.Data.Sqlite;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.Peer.Host.Feeds;

namespace Replica.Samples.Mirror;

/// <summary>An ordinary SQLite table of all nodes, and the position that it is at, in one file.</summary>
internal sealed class MirrorTable(string file) : IDisposable
{
    private readonly SqliteConnection _connection = new(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());

    public ChangePosition Position { get; private set; }

    public void Open()
    {
        _connection.Open();
        Run(null, "CREATE TABLE IF NOT EXISTS nodes (id TEXT PRIMARY KEY, type TEXT NOT NULL, fields TEXT NOT NULL)");
        Run(null, "CREATE TABLE IF NOT EXISTS mirror (one INTEGER PRIMARY KEY CHECK (one = 1), position TEXT NOT NULL, applied INTEGER NOT NULL)");
        Run(null, "INSERT OR IGNORE INTO mirror VALUES (1, '0', 0)");
        using var read = _connection.CreateCommand();
        read.CommandText = "SELECT position FROM mirror";
        Position = ChangePosition.TryParse((string?)read.ExecuteScalar(), out var position) ? position : ChangePosition.Start;
    }

    /// <summary>Takes one change over: what it touched as it shows now, and where the table then is, both or neither.</summary>
    public async Task ApplyAsync(SpaceChange change, ReplicaSpace space, CancellationToken cancellationToken)
    {
        // Read first: what shows may be newer than this change, and the changes that made it so come once more.
        var nodes = new List<(string Id, NodeSnapshot? Node)>();
        foreach (var touched in change.Touched.OfType<Target.Node>())
        {
            nodes.Add((touched.Id, await space.GetNodeAsync(touched.Id, cancellationToken)));
        }

        await using var transaction = (SqliteTransaction)await _connection.BeginTransactionAsync(cancellationToken);
        foreach (var (id, node) in nodes)
        {
            if (node is null)
            {
                Run(transaction, "DELETE FROM nodes WHERE id = $1", id);
            }
            else
            {
                Run(transaction, "INSERT OR REPLACE INTO nodes VALUES ($1, $2, $3)", id, node.Type, Value.From(node.Fields).ToString());
            }
        }

        Run(transaction, "UPDATE mirror SET position = $1, applied = applied + 1", change.Position.ToString());
        await transaction.CommitAsync(cancellationToken);
        Position = change.Position;
    }

    public void Clear()
    {
        using var transaction = _connection.BeginTransaction();
        Run(transaction, "DELETE FROM nodes");
        Run(transaction, "UPDATE mirror SET position = '0', applied = 0");
        transaction.Commit();
        Position = ChangePosition.Start;
    }

    public void Dispose() => _connection.Dispose();

    private void Run(SqliteTransaction? transaction, string sql, params string[] parameters)
    {
        using var command = _connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        for (var i = 0; i < parameters.Length; i++)
        {
            command.Parameters.AddWithValue($"${i + 1}", parameters[i]);
        }

        command.ExecuteNonQuery();
    }
}
