using System.Runtime.CompilerServices;
using Replica.Crdt.Causality;
using Replica.Peer.Store.Tree;

namespace Replica.Peer.Host;

/// <content>The tree: what shows, what hangs where nothing shows, and moves that lost.</content>
public sealed partial class ReplicaSpace
{
    /// <summary>The tree in order, parents before children, from one snapshot. Enumerate to the end or dispose soon.</summary>
    /// <param name="root">Only what is under this node; null for the whole visible tree.</param>
    /// <param name="depthMax">Only so many levels, from 1; null for all. One level is the children alone.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <exception cref="ReplicaException">The node is not in the visible tree (<c>REPLICA_NOT_FOUND</c>).</exception>
    public async IAsyncEnumerable<TreeNodeSnapshot> ListTreeAsync(
        string? root, int? depthMax, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var reader = Faults.Translate(_space.Store.OpenReader);
        if (root is not null && !TreeWalk.IsVisible(reader.Tree, root))
        {
            throw new ReplicaException("REPLICA_NOT_FOUND", $"The node '{root}' is not in the tree: move it there first, or look among the orphans.");
        }

        foreach (var item in TreeWalk.Below(reader.Tree, root, depthMax ?? int.MaxValue))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new(item.Id, item.Parent, item.Depth);
        }

        await ValueTask.CompletedTask;
    }

    /// <summary>
    /// The nodes that exist and are placed, but under one that does not exist or is placed nowhere, and all below them.
    /// They show in the tree again once that one does, or once they are moved.
    /// </summary>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public async IAsyncEnumerable<TreeNodeSnapshot> ListOrphansAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var reader = Faults.Translate(_space.Store.OpenReader);
        foreach (var item in TreeWalk.Orphans(reader.Tree))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new(item.Id, item.Parent, item.Depth);
        }

        await ValueTask.CompletedTask;
    }

    /// <summary>The moves that lost and that no later move of their node replaced, by node.</summary>
    public async Task<IReadOnlyList<SkippedMoveSnapshot>> ListSkippedMovesAsync(CancellationToken cancellationToken = default)
    {
        var logs = await _space.Store.QueryAsync(
            static ledger => ledger.Logs.Select(static log => (log.Log, log.Name)).ToArray(), cancellationToken);
        using var reader = Faults.Translate(_space.Store.OpenReader);

        // A log that came between the two is left for the next time.
        return [.. reader.Tree.ReadSkipped(null)
            .Where(row => row.Stamp.Branch.Value < logs.Length)
            .Select(row => new SkippedMoveSnapshot(
                row.Node, row.Parent, new(logs[row.Stamp.Branch.Value].Log, row.Stamp.Seq), row.Stamp.Time, logs[row.Stamp.Branch.Value].Name))
            .OrderBy(static move => move.Node, Utf8Order.Instance)];
    }
}
