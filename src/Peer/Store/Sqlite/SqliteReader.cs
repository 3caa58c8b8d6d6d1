using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Peer.Store.Tree;

namespace Replica.Peer.Store.Sqlite;

/// <summary>A snapshot of a space in SQLite.</summary>
/// <param name="connection">The connection that holds it.</param>
/// <param name="pool">Where the connection goes back to.</param>
/// <param name="commits">How many commits there had been before.</param>
internal sealed class SqliteReader(SqliteConnectionHandle connection, ReaderPool pool, long commits) : IStoreReader
{
    private IReadOnlyList<LogRow>? _logs;
    private bool _isDisposed;
    private SqliteTreeReader? _tree;

    public ITreeReader Tree => _tree ??= new(connection, Order);

    public ICausalView Order => field ??= new SnapshotOrder(ReadLogs(), HashOf);

    private EdgeRivalry Rivalry => field ??= new(ReadToOne().ToHashSet(), Order);

    public VisibleNode? GetNode(string id)
    {
        var get = connection.Statement("get_node").Reset().Bind(1, id);
        if (!get.Step())
        {
            return null;
        }

        var node = new VisibleNode(id, get.Text(0), get.Bytes(1)) { Vector = get.Bytes(2) };
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
                yield return new(read.Text(0), found, read.Bytes(2)) { Vector = read.Bytes(3) };
            }
        }
    }

    public IEnumerable<VisibleEdge> ReadEdges(string? from, string? to)
    {
        if (from is null && to is not null)
        {
            return ReadRows("read_edges_to", to).Where(IsShown).Select(static edge => edge.ToVisible());
        }

        var shown = Rivalry.Shown(ReadAlive(from));
        return to is null ? shown : shown.Where(edge => edge.Edge.To == to);
    }

    public IReadOnlyList<string> ReadToOne()
    {
        var relations = new List<string>();
        var load = connection.Statement("load_to_one").Reset();
        while (load.Step())
        {
            relations.Add(load.Text(0));
        }

        return relations;
    }

    public IEnumerable<IReadOnlyList<StoredEdge>> ReadRivals(string? from) => ReadToOne().Count == 0
        ? []
        : Rivalry.Group(ReadAlive(from)).Where(static group => group.Count > 1);

    public IEnumerable<(Target Target, ElementRow Row)> ReadConflicts()
    {
        using var nodes = connection.Prepare(SqlText.Statement("node_conflicts"));
        while (nodes.Step())
        {
            var row = new ElementRow(nodes.Integer(1) != 0, nodes.Text(2), nodes.Bytes(3), nodes.Bytes(4));
            yield return (new Target.Node(nodes.Text(0)), row with { Vector = nodes.Bytes(5), HasConflicts = true });
        }

        var edges = new List<(Target.Edge Edge, ElementRow Row)>();
        using var read = connection.Prepare(SqlText.Statement("edge_conflicts"));
        while (read.Step())
        {
            var row = new ElementRow(read.Integer(4) != 0, "", read.Bytes(5), read.Bytes(6)) { HasConflicts = true };
            edges.Add((new(read.Text(0), read.Text(1), read.Text(2), read.Text(3)), row));
        }

        foreach (var (edge, row) in Sort(edges, static pair => pair.Edge))
        {
            yield return (edge, row);
        }
    }

    public ElementRow? GetRow(Target target)
    {
        if (target is Target.Node node)
        {
            var load = connection.Statement("load_node").Reset().Bind(1, node.Id);
            if (!load.Step())
            {
                return null;
            }

            var row = new ElementRow(load.Integer(0) != 0, load.Text(1), load.Bytes(2), load.Bytes(3));
            row = row with { Vector = load.Bytes(4), HasConflicts = load.Integer(5) != 0 };
            _ = load.Reset();
            return row.Clocks.IsEmpty ? null : row;
        }

        var edge = (Target.Edge)target;
        var find = connection.Statement("read_edge").Reset()
            .Bind(1, edge.From).Bind(2, edge.Relation).Bind(3, edge.To).Bind(4, edge.Key);
        if (!find.Step())
        {
            return null;
        }

        var found = SqliteRows.Edge(find);
        _ = find.Reset();
        return found;
    }

    public IReadOnlyList<LogRow> ReadLogs()
    {
        if (_logs is null)
        {
            var logs = new List<LogRow>();
            var load = connection.Statement("load_logs").Reset();
            while (load.Step())
            {
                logs.Add(SqliteRows.Log(load));
            }

            _logs = logs;
        }

        return _logs;
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
        var logs = ReadLogs();
        var runs = new List<PagedRun>();
        var cursor = query.AfterArrival;
        var bytes = 0;
        var damaged = new List<Dot>();
        var reach = new PeerReach(query, logs);
        using var read = connection.Prepare(SqlText.Statement("read_runs"));
        _ = read.Bind(1, query.AfterArrival);
        while (read.Step())
        {
            if (bytes >= query.BytesMax)
            {
                return new(runs, cursor, true) { Damaged = damaged };
            }

            if (read.Integer(0) > query.ThroughArrival)
            {
                break;
            }

            cursor = read.Integer(0);
            var branch = new BranchId((int)read.Integer(1));
            if (reach.Lacks(branch, (ulong)read.Integer(3)))
            {
                var run = SqliteRows.Run(read);
                var bodies = ReadBodies(run);
                bytes += run.Bytes;
                var log = logs[branch.Value].Log;
                if (IsWhole(run, bodies))
                {
                    runs.Add(new(new(log, run.BaseSeq, run.BaseHead.Prefix, bodies, run.Signature), branch, run.Head.Prefix));
                }
                else
                {
                    damaged.Add(new(log, run.LastSeq));
                }
            }
        }

        return new(runs, cursor, false) { Damaged = damaged };
    }

    public StoreCounts Count()
    {
        var nodes = connection.QueryInteger(SqlText.Statement("count_nodes"));
        var edges = connection.QueryInteger(SqlText.Statement("count_edges"));
        return new(nodes, edges, connection.QueryInteger(SqlText.Statement("last_arrival")));
    }

    /// <summary>Ends the snapshot from another thread: the next step of whoever reads it fails.</summary>
    public void Expire() => connection.Expire();

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            pool.Return(this, connection, commits);
        }
    }

    /// <summary>Edges whose endpoints and themselves are alive, in order of from and relation.</summary>
    private IEnumerable<StoredEdge> ReadAlive(string? from) =>
        from is null ? SortWithinFrom(ReadRows("read_edges", null)) : ReadRows("read_edges_from", from);

    private IEnumerable<StoredEdge> ReadRows(string name, string? parameter, string? relation = null)
    {
        using var read = connection.Prepare(SqlText.Statement(name));
        if (parameter is not null)
        {
            _ = read.Bind(1, parameter);
        }

        if (relation is not null)
        {
            _ = read.Bind(2, relation);
        }

        while (read.Step())
        {
            var edge = new Target.Edge(read.Text(0), read.Text(1), read.Text(2), read.Text(3));
            yield return new(edge, read.Bytes(4), read.Link(5));
        }
    }

    /// <summary>Whether an edge shows: it may have rivals that enter other nodes.</summary>
    private bool IsShown(StoredEdge edge) => !Rivalry.IsToOne(edge.Edge.Relation)
        || Rivalry.Shown(ReadRows("read_edges_in_relation", edge.Edge.From, edge.Edge.Relation)).Single().Edge == edge.Edge;

    /// <summary>Rows come in order of from; the edges of one node are sorted here, so that none but they are in memory.</summary>
    private static IEnumerable<StoredEdge> SortWithinFrom(IEnumerable<StoredEdge> edges)
    {
        var group = new List<StoredEdge>();
        foreach (var edge in edges)
        {
            if (group.Count > 0 && group[0].Edge.From != edge.Edge.From)
            {
                foreach (var sorted in Sort(group, static row => row.Edge))
                {
                    yield return sorted;
                }

                group.Clear();
            }

            group.Add(edge);
        }

        foreach (var sorted in Sort(group, static row => row.Edge))
        {
            yield return sorted;
        }
    }

    private static IEnumerable<T> Sort<T>(List<T> group, Func<T, Target.Edge> edge) => group
        .OrderBy(row => edge(row).From, Utf8Order.Instance)
        .ThenBy(row => edge(row).Relation, Utf8Order.Instance)
        .ThenBy(row => edge(row).To, Utf8Order.Instance)
        .ThenBy(row => edge(row).Key, Utf8Order.Instance);

    private ChangeHash HashOf(BranchId branch, ulong seq)
    {
        var read = connection.Statement("read_changes").Reset().Bind(1, branch.Value).Bind(2, (long)seq).Bind(3, (long)seq);
        _ = read.Step();
        var hash = Change.Hash(read.Span(3));
        _ = read.Reset();
        return hash;
    }

    /// <summary>Whether what was read from the disk is what was once taken: damage is not passed on.</summary>
    private static bool IsWhole(RunRow run, List<ReadOnlyMemory<byte>> bodies) =>
        bodies.Aggregate(run.BaseHead, static (head, body) => head.Append(Change.Hash(body.Span))) == run.Head;

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
