using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Peer.Store.Tree;

namespace Replica.Peer.Store;

/// <summary>One snapshot of a space: what was committed when it was opened. One thread at a time.</summary>
internal interface IStoreReader : IDisposable
{
    /// <summary>The node if it shows.</summary>
    VisibleNode? GetNode(string id);

    /// <summary>The nodes that show, by id from <paramref name="from"/> on (inclusive), in order of UTF-8 bytes.</summary>
    IEnumerable<VisibleNode> ReadNodes(string? type, string? from);

    /// <summary>The edges that show in order of from, relation, to, key, one of each to-one relation; only those that leave or enter a node if given.</summary>
    IEnumerable<VisibleEdge> ReadEdges(string? from, string? to);

    /// <summary>The to-one relations, in order of UTF-8 bytes.</summary>
    IReadOnlyList<string> ReadToOne();

    /// <summary>The edges of to-one relations that compete for one node: at least two in each group, the one that shows first.</summary>
    /// <param name="from">Of one node only.</param>
    IEnumerable<IReadOnlyList<StoredEdge>> ReadRivals(string? from);

    /// <summary>The nodes by id, then the edges by from, relation, to and key, in which something is not settled.</summary>
    IEnumerable<(Target Target, ElementRow Row)> ReadConflicts();

    /// <summary>The row of a node or edge, whether it shows or not; nothing if no operation touched it.</summary>
    ElementRow? GetRow(Target target);

    /// <summary>All logs by branch number.</summary>
    IReadOnlyList<LogRow> ReadLogs();

    /// <summary>Orders the stamps of this snapshot.</summary>
    ICausalView Order { get; }

    /// <summary>The changes behind a cursor in order of application, or before it in the opposite order.</summary>
    IEnumerable<StoredChange> ReadLog(long arrival, bool isNewestFirst);

    /// <summary>A page of runs for a peer.</summary>
    RunPage ReadRuns(RunQuery query);

    /// <summary>The tree.</summary>
    ITreeReader Tree { get; }

    /// <summary>How much there is.</summary>
    StoreCounts Count();
}
