using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Peer.Store.Tree;

namespace Replica.Peer.Store.Memory;

/// <summary>A snapshot of a space in memory.</summary>
internal sealed class MemoryReader(MemoryState state) : IStoreReader
{
    public ITreeReader Tree => new MemoryTreeReader(state);

    public VisibleNode? GetNode(string id) =>
        state.Elements.TryGetValue(new Target.Node(id), out var row) && row.IsAlive ? new(id, row.Type, row.Data) : null;

    public IEnumerable<VisibleNode> ReadNodes(string? type, string? from) => state.Elements
        .Where(pair => pair.Value.IsAlive && pair.Key is Target.Node node
            && (type is null || pair.Value.Type == type)
            && (from is null || Utf8Order.Instance.Compare(node.Id, from) >= 0))
        .Select(static pair => new VisibleNode(((Target.Node)pair.Key).Id, pair.Value.Type, pair.Value.Data))
        .OrderBy(static node => node.Id, Utf8Order.Instance);

    public IEnumerable<VisibleEdge> ReadEdges(string? from, string? to) => state.Elements
        .Where(pair => pair.Value.IsAlive && pair.Key is Target.Edge edge
            && (from is null || edge.From == from)
            && (to is null || edge.To == to)
            && GetNode(edge.From) is not null
            && GetNode(edge.To) is not null)
        .Select(static pair => new VisibleEdge((Target.Edge)pair.Key, pair.Value.Data))
        .OrderBy(static edge => edge.Edge.From, Utf8Order.Instance)
        .ThenBy(static edge => edge.Edge.Relation, Utf8Order.Instance)
        .ThenBy(static edge => edge.Edge.To, Utf8Order.Instance)
        .ThenBy(static edge => edge.Edge.Key, Utf8Order.Instance);

    public IEnumerable<StoredChange> ReadLog(long arrival, bool isNewestFirst) => isNewestFirst
        ? state.Changes.Where(change => change.Arrival < arrival).Reverse()
        : state.Changes.Where(change => change.Arrival > arrival);

    public RunPage ReadRuns(RunQuery query)
    {
        var runs = new List<SignedRun>();
        var cursor = query.AfterArrival;
        var bytes = 0;
        foreach (var run in state.Runs.Values.Where(run => run.FirstArrival > query.AfterArrival))
        {
            if (bytes >= query.BytesMax)
            {
                return new(runs, cursor, true);
            }

            cursor = run.FirstArrival;
            var log = state.Logs[run.Branch.Value].Log;
            if (!query.Blocked.Contains(log) && run.LastSeq > query.Has.GetValueOrDefault(log))
            {
                bytes += run.Bytes;
                var changes = state.Changes.GetRange((int)run.FirstArrival - 1, (int)(run.LastSeq - run.BaseSeq));
                runs.Add(new(log, run.BaseSeq, run.BaseHead.Prefix, [.. changes.Select(static c => c.Body)], run.Signature));
            }
        }

        return new(runs, cursor, false);
    }

    public StoreCounts Count() => new(
        state.Elements.Count(static pair => pair.Value.IsAlive && pair.Key is Target.Node),
        state.Elements.Count(static pair => pair.Value.IsAlive && pair.Key is Target.Edge),
        state.Changes.Count);

    public void Dispose()
    {
    }
}
