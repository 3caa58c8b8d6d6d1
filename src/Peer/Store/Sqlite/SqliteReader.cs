using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Peer.Store.Tree;

namespace Replica.Peer.Store.Sqlite;

/// <summary>A snapshot of a space in SQLite.</summary>
internal sealed class SqliteReader(SqliteConnectionHandle connection, ReaderPool pool) : IStoreReader
{
    private bool _isDisposed;
    private SqliteTreeReader? _tree;

    public ITreeReader Tree => _tree ??= new(connection, Logs());

    public VisibleNode? GetNode(string id)
    {
        var get = connection.Statement("get_node").Reset().Bind(1, id);
        if (!get.Step())
        {
            return null;
        }

        var node = new VisibleNode(id, get.Text(0), get.Bytes(1));
        _ = get.Reset();
        return node;
    }

    public IEnumerable<VisibleNode> ReadNodes(string? type, string? from)
    {
        using var read = connection.Prepare(SqlText.Statement("read_nodes"));
        _ = read.Bind(1, from ?? "");
        while (read.Step())
        {
            var found = read.Text(1);
            if (type is null || found == type)
            {
                yield return new(read.Text(0), found, read.Bytes(2));
            }
        }
    }

    public IEnumerable<VisibleEdge> ReadEdges(string? from, string? to)
    {
        var name = (from, to) switch
        {
            (not null, _) => "read_edges_from",
            (_, not null) => "read_edges_to",
            _ => "read_edges",
        };
        return name == "read_edges" ? SortWithinFrom(ReadRows(name, null)) : Select(ReadRows(name, from ?? to), from is null ? null : to);
    }

    public IEnumerable<StoredChange> ReadLog(long arrival, bool isNewestFirst)
    {
        using var read = connection.Prepare(SqlText.Statement(isNewestFirst ? "read_log_backwards" : "read_log"));
        _ = read.Bind(1, arrival);
        while (read.Step())
        {
            yield return SqliteRows.Change(read);
        }
    }

    public RunPage ReadRuns(RunQuery query)
    {
        var logs = Logs();
        var runs = new List<SignedRun>();
        var cursor = query.AfterArrival;
        var bytes = 0;
        using var read = connection.Prepare(SqlText.Statement("read_runs"));
        _ = read.Bind(1, query.AfterArrival);
        while (read.Step())
        {
            if (bytes >= query.BytesMax)
            {
                return new(runs, cursor, true);
            }

            cursor = read.Integer(0);
            var log = logs[(int)read.Integer(1)];
            if (!query.Blocked.Contains(log) && (ulong)read.Integer(3) > query.Has.GetValueOrDefault(log))
            {
                var run = SqliteRows.Run(read);
                bytes += run.Bytes;
                runs.Add(new(log, run.BaseSeq, run.BaseHead.Prefix, ReadBodies(run), run.Signature));
            }
        }

        return new(runs, cursor, false);
    }

    public StoreCounts Count()
    {
        var nodes = connection.QueryInteger(SqlText.Statement("count_nodes"));
        var edges = connection.QueryInteger(SqlText.Statement("count_edges"));
        return new(nodes, edges, connection.QueryInteger(SqlText.Statement("last_arrival")));
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            pool.Return(connection);
        }
    }

    private IEnumerable<VisibleEdge> ReadRows(string name, string? parameter)
    {
        using var read = connection.Prepare(SqlText.Statement(name));
        if (parameter is not null)
        {
            _ = read.Bind(1, parameter);
        }

        while (read.Step())
        {
            yield return new(new(read.Text(0), read.Text(1), read.Text(2), read.Text(3)), read.Bytes(4));
        }
    }

    private static IEnumerable<VisibleEdge> Select(IEnumerable<VisibleEdge> edges, string? to) =>
        to is null ? edges : edges.Where(edge => edge.Edge.To == to);

    /// <summary>Rows come in order of from; the edges of one node are sorted here, so that none but they are in memory.</summary>
    private static IEnumerable<VisibleEdge> SortWithinFrom(IEnumerable<VisibleEdge> edges)
    {
        var group = new List<VisibleEdge>();
        foreach (var edge in edges)
        {
            if (group.Count > 0 && group[0].Edge.From != edge.Edge.From)
            {
                foreach (var sorted in Sort(group))
                {
                    yield return sorted;
                }

                group.Clear();
            }

            group.Add(edge);
        }

        foreach (var sorted in Sort(group))
        {
            yield return sorted;
        }
    }

    private static IEnumerable<VisibleEdge> Sort(List<VisibleEdge> group) => group
        .OrderBy(static edge => edge.Edge.Relation, Utf8Order.Instance)
        .ThenBy(static edge => edge.Edge.To, Utf8Order.Instance)
        .ThenBy(static edge => edge.Edge.Key, Utf8Order.Instance);

    private List<LogId> Logs()
    {
        var logs = new List<LogId>();
        var load = connection.Statement("load_logs").Reset();
        while (load.Step())
        {
            logs.Add(LogId.FromBytes(load.Span(1)));
        }

        return logs;
    }

    private List<ReadOnlyMemory<byte>> ReadBodies(RunRow run)
    {
        var bodies = new List<ReadOnlyMemory<byte>>();
        var last = run.FirstArrival + (long)(run.LastSeq - run.BaseSeq) - 1;
        var read = connection.Statement("read_run_changes").Reset().Bind(1, run.FirstArrival).Bind(2, last);
        while (read.Step())
        {
            bodies.Add(read.Bytes(0));
        }

        return bodies;
    }
}
