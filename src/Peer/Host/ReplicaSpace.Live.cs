using System.Runtime.CompilerServices;
using Replica.Crdt.Changes;
using Replica.Peer.Host.Queries;
using Replica.Peer.Store;
using Replica.Peer.Store.Tree;

namespace Replica.Peer.Host;

/// <content>Live queries: a first result, then what differs from it.</content>
/// <remarks>
/// Each result is of one snapshot. What several changes did between two looks comes as one difference, so a slow reader is
/// told less often and never less; who needs every change reads the feed. All end when the space is closed.
/// </remarks>
public sealed partial class ReplicaSpace
{
    /// <summary>The node as it shows now, nothing if it does not; then again whenever it shows something else.</summary>
    /// <param name="id">The node.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    public async IAsyncEnumerable<NodeSnapshot?> WatchNodeAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var query = new LiveQuery<string, NodeSnapshot>(
            _space.Store, reader => reader.GetNode(id) is { } node ? [ItemOf(node, new(reader))] : []);
        await foreach (var update in query.FollowAsync(Faults.Translate, cancellationToken))
        {
            yield return update.Differences is [{ Item: { } node }] ? node : null;
        }
    }

    /// <summary>The nodes of a type, or that begin with a prefix: all that show, then those that differ.</summary>
    /// <param name="filter">Which nodes; <see cref="NodeFilter.After"/> and <see cref="NodeFilter.Limit"/> can't be followed.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ReplicaException">
    /// A limit was given (<c>REPLICA_INVALID</c>), or more than 100,000 nodes fit (<c>REPLICA_TOO_MANY_ITEMS</c>).
    /// </exception>
    public IAsyncEnumerable<LiveUpdate<string, NodeSnapshot>> WatchNodesAsync(NodeFilter filter, CancellationToken cancellationToken = default)
    {
        if (filter.Limit is not null || filter.After is not null)
        {
            throw new ReplicaException("REPLICA_INVALID", "A part of a list can't be followed: leave out the limit and the place to begin.");
        }

        var query = new LiveQuery<string, NodeSnapshot>(_space.Store, reader => RunNodes(reader, filter))
        {
            Find = (reader, ids) => FindNodes(reader, ids, filter),
        };
        return query.FollowAsync(Faults.Translate, cancellationToken);
    }

    /// <summary>The edges of one node: all that show, then those that differ.</summary>
    /// <param name="filter">Which edges: those that leave or enter a node; <see cref="EdgeFilter.Limit"/> can't be followed.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ReplicaException">
    /// No node or a limit was given (<c>REPLICA_INVALID</c>), or it has more than 100,000 (<c>REPLICA_TOO_MANY_ITEMS</c>).
    /// </exception>
    public IAsyncEnumerable<LiveUpdate<Target.Edge, EdgeSnapshot>> WatchEdgesAsync(EdgeFilter filter, CancellationToken cancellationToken = default)
    {
        if (filter.Limit is not null || (filter.From is null && filter.To is null))
        {
            throw new ReplicaException(
                "REPLICA_INVALID", "The edges of one node can be followed: name the node that they leave or enter, and no limit.");
        }

        // An edge may come and go with either end and with its rivals: all of one node are looked at.
        var query = new LiveQuery<Target.Edge, EdgeSnapshot>(_space.Store, reader => RunEdges(reader, filter));
        return query.FollowAsync(Faults.Translate, cancellationToken);
    }

    /// <summary>The children of a node in the tree: all that show, then those that differ, each time with the order of all.</summary>
    /// <param name="parent">The node; null for the top. While it is not in the tree, it has none.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ReplicaException">It has more than 100,000 (<c>REPLICA_TOO_MANY_ITEMS</c>).</exception>
    public IAsyncEnumerable<LiveUpdate<string, NodeSnapshot>> WatchChildrenAsync(string? parent, CancellationToken cancellationToken = default)
    {
        var query = new LiveQuery<string, NodeSnapshot>(_space.Store, reader => RunChildren(reader, parent)) { IsOrdered = true };
        return query.FollowAsync(Faults.Translate, cancellationToken);
    }

    private static IEnumerable<LiveItem<string, NodeSnapshot>> RunNodes(IStoreReader reader, NodeFilter filter)
    {
        var fields = new FieldReader(reader, filter.AreCountersTold);
        return reader.ReadNodes(filter.Type, filter.Prefix)
            .TakeWhile(node => filter.Prefix is not { } prefix || node.Id.StartsWith(prefix, StringComparison.Ordinal))
            .Select(node => ItemOf(node, fields));
    }

    private static IEnumerable<(string Id, LiveItem<string, NodeSnapshot>? Item)> FindNodes(
        IStoreReader reader, IEnumerable<string> ids, NodeFilter filter)
    {
        var fields = new FieldReader(reader, filter.AreCountersTold);
        return ids.Select(id => (id, reader.GetNode(id) is { } node && Fits(node, filter) ? ItemOf(node, fields) : null));
    }

    private static bool Fits(VisibleNode node, NodeFilter filter) =>
        (filter.Type is not { } type || node.Type == type) && (filter.Prefix is not { } prefix || node.Id.StartsWith(prefix, StringComparison.Ordinal));

    private static IEnumerable<LiveItem<Target.Edge, EdgeSnapshot>> RunEdges(IStoreReader reader, EdgeFilter filter)
    {
        var fields = new FieldReader(reader, filter.AreCountersTold);
        return reader.ReadEdges(filter.From, filter.To)
            .Where(edge => filter.Relation is not { } relation || edge.Edge.Relation == relation)
            .Select(edge => new LiveItem<Target.Edge, EdgeSnapshot>(
                edge.Edge, LivePrint.Of("", edge.Data.Span, default), Snapshots.Of(edge, fields)));
    }

    private static IEnumerable<LiveItem<string, NodeSnapshot>> RunChildren(IStoreReader reader, string? parent)
    {
        if (parent is not null && !TreeWalk.IsVisible(reader.Tree, parent))
        {
            yield break;
        }

        var fields = new FieldReader(reader);
        foreach (var child in TreeWalk.Children(reader.Tree, parent))
        {
            if (reader.GetNode(child.Id) is { } node)
            {
                yield return ItemOf(node, fields);
            }
        }
    }

    private static LiveItem<string, NodeSnapshot> ItemOf(VisibleNode node, FieldReader fields) =>
        new(node.Id, LivePrint.Of(node.Type, node.Data.Span, node.Vector.Span), Snapshots.Of(node, fields));
}
