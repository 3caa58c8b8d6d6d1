using Replica.Crdt.Causality;

namespace Replica.Peer.Store.Tree;

/// <summary>The readers' side of the tree at rest.</summary>
internal interface ITreeReader
{
    /// <summary>Orders the stamps of the snapshot.</summary>
    ICausalView Order { get; }

    /// <summary>Where a node is placed, or nothing if it is not.</summary>
    NodePlace? FindPlace(string id);

    /// <summary>The children of a node that are alive, whether or not the node shows; null for those at the top. In no order.</summary>
    List<SiblingRow> ReadAlive(string? parent);

    /// <summary>The alive nodes whose parent is not placed or not alive, with that parent, by id.</summary>
    IEnumerable<KeyValuePair<string, string>> ReadCutOff();

    /// <summary>The skipped moves that no later move of their node has replaced. In no order.</summary>
    /// <param name="id">Of one node only; null for all.</param>
    IEnumerable<SkippedRow> ReadSkipped(string? id);
}
