using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Peer.Store.Tree;

namespace Replica.Peer.Store.Memory;

/// <summary>A snapshot of a space in memory.</summary>
internal sealed class MemoryReader(MemoryState state) : IStoreReader
{
    public ITreeReader Tree => new MemoryTreeReader(state, Order);

    public VisibleNode? GetNode(string id) =>
        state.Elements.TryGetValue(new Target.Node(id), out var node) && node.IsAlive ? ToVisible(id, node.Row(Order)) : null;

    public IEnumerable<VisibleNode> ReadNodes(string? type, string? from) => state.Elements
        .Where(pair => pair.Value.IsAlive && pair.Key is Target.Node node
            && (type is null || pair.Value.Row(Order).Type == type)
            && (from is null || Utf8Order.Instance.Compare(node.Id, from) >= 0))
        .Select(pair => ToVisible(((Target.Node)pair.Key).Id, pair.Value.Row(Order)))
        .OrderBy(static node => node.Id, Utf8Order.Instance);

    public ICausalView Order => field ??= new SnapshotOrder(state.Logs, (branch, seq) => Change.Hash(Find(branch, seq).Body.Span));

    private EdgeRivalry Rivalry => field ??= new(state.ToOne, Order);

    public IReadOnlyList<string> ReadToOne() => [.. state.ToOne.Order(Utf8Order.Instance)];

    public IEnumerable<VisibleEdge> ReadEdges(string? from, string? to) =>
        Rivalry.Shown(ReadAlive(from)).Where(edge => to is null || edge.Edge.To == to);

    public IEnumerable<IReadOnlyList<StoredEdge>> ReadRivals(string? from) =>
        Rivalry.Group(ReadAlive(from)).Where(static group => group.Count > 1);

    public IEnumerable<(Target Target, ElementRow Row)> ReadConflicts()
    {
        var found = state.Elements.Where(pair => pair.Value.Row(Order).HasConflicts).ToArray();
        var nodes = found.Where(static pair => pair.Key is Target.Node).OrderBy(static pair => ((Target.Node)pair.Key).Id, Utf8Order.Instance);
        var edges = Sort(found.Where(static pair => pair.Key is Target.Edge), static pair => (Target.Edge)pair.Key);
        return nodes.Concat(edges).Select(pair => (pair.Key, pair.Value.Row(Order)));
    }

    public ElementRow? GetRow(Target target) => state.Elements.TryGetValue(target, out var element) ? element.Row(Order) : null;

    public IReadOnlyList<LogRow> ReadLogs() => state.Logs;

    public IEnumerable<StoredChange> ReadLog(long arrival, bool isNewestFirst) => isNewestFirst
        ? Backwards(Math.Min(state.Changes.Count, (int)Math.Clamp(arrival - 1, 0, int.MaxValue)))
        : state.Changes.Skip((int)Math.Clamp(arrival, 0, int.MaxValue));

    public RunPage ReadRuns(RunQuery query)
    {
        var runs = new List<PagedRun>();
        var cursor = query.AfterArrival;
        var bytes = 0;
        var reach = new PeerReach(query, state.Logs);
        for (var i = state.RunBehind(query.AfterArrival); i < state.Runs.Count; i++)
        {
            if (bytes >= query.BytesMax)
            {
                return new(runs, cursor, true);
            }

            var run = state.Runs[i];
            if (run.FirstArrival > query.ThroughArrival)
            {
                break;
            }

            cursor = run.FirstArrival;
            var log = state.Logs[run.Branch.Value].Log;
            if (reach.Lacks(run.Branch, run.LastSeq))
            {
                bytes += run.Bytes;
                var changes = state.Changes.Span.Slice((int)run.FirstArrival - 1, (int)(run.LastSeq - run.BaseSeq));
                var bodies = new ReadOnlyMemory<byte>[changes.Length];
                for (var at = 0; at < bodies.Length; at++)
                {
                    bodies[at] = changes[at].Body;
                }

                runs.Add(new(new(log, run.BaseSeq, run.BaseHead.Prefix, bodies, run.Signature), run.Branch, run.Head.Prefix));
            }
        }

        return new(runs, cursor, false);
    }

    public StoreCounts Count() => new(
        state.Elements.Count(static pair => pair.Value.IsAlive && pair.Key is Target.Node),
        state.Elements.Count(static pair => pair.Value.IsAlive && pair.Key is Target.Edge),
        state.Changes.Count);

    private IEnumerable<StoredEdge> ReadAlive(string? from) => Sort(
        state.Elements
            .Where(pair => pair.Value.IsAlive && pair.Key is Target.Edge edge
                && (from is null || edge.From == from)
                && IsAlive(edge.From)
                && IsAlive(edge.To))
            .Select(pair => ToStored((Target.Edge)pair.Key, pair.Value.Row(Order))),
        static edge => edge.Edge);

    private bool IsAlive(string id) => state.Elements.TryGetValue(new Target.Node(id), out var node) && node.IsAlive;

    private static VisibleNode ToVisible(string id, in ElementRow row) => new(id, row.Type, row.Data) { Vector = row.Vector };

    private static StoredEdge ToStored(Target.Edge edge, in ElementRow row) => new(edge, row.Data, row.Link);

    private StoredChange Find(BranchId branch, ulong seq) => state.ChangeOf(state.FindRun(branch, seq)!, seq);

    /// <summary>The changes from the <paramref name="count"/>-th down to the first.</summary>
    private IEnumerable<StoredChange> Backwards(int count)
    {
        for (var i = count - 1; i >= 0; i--)
        {
            yield return state.Changes[i];
        }
    }

    private static IEnumerable<T> Sort<T>(IEnumerable<T> items, Func<T, Target.Edge> edge) => items
        .OrderBy(item => edge(item).From, Utf8Order.Instance)
        .ThenBy(item => edge(item).Relation, Utf8Order.Instance)
        .ThenBy(item => edge(item).To, Utf8Order.Instance)
        .ThenBy(item => edge(item).Key, Utf8Order.Instance);

    public void Dispose()
    {
    }
}
