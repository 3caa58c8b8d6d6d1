using System.Text;
using Replica.Crdt.Changes;

namespace Replica.Peer.Host;

/// <content>What became of one node or edge.</content>
public sealed partial class ReplicaSpace
{
    /// <summary>The most changes of one element that a history tells.</summary>
    public const int HistoryChangesMax = 100_000;

    /// <summary>
    /// All changes that touched a node or an edge, in the order in which later writes win: equal on all replicas that hold the same.
    /// It reads the whole log.
    /// </summary>
    /// <param name="target">The node or edge; its edges and children are not part of it.</param>
    /// <param name="limit">Only so many, the newest; null for all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ReplicaException">
    /// More than <see cref="HistoryChangesMax"/> changes touched it (<c>REPLICA_TOO_MANY</c>): read the log.
    /// </exception>
    public async Task<IReadOnlyList<HistoryEntry>> ReadHistoryAsync(
        Target target, int? limit = null, CancellationToken cancellationToken = default)
    {
        var names = await _space.Store.QueryAsync(
            static ledger => ledger.Logs.Select(static log => log.Name).ToArray(), cancellationToken);
        var touching = new List<(Change Change, string Author)>();
        using (var reader = Faults.Translate(_space.Store.OpenReader))
        {
            // The id stands in the bytes of a change as it is, so most changes need not be decoded.
            var id = Encoding.UTF8.GetBytes(target switch { Target.Node node => node.Id, Target.Edge edge => edge.To, _ => "" });
            foreach (var stored in reader.ReadLog(0, isNewestFirst: false))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (stored.Body.Span.IndexOf(id) < 0)
                {
                    continue;
                }

                var change = ChangeCodec.Decode(stored.Body);
                if (!change.Groups.Any(group => group.Target.Equals(target)))
                {
                    continue;
                }

                if (touching.Count == HistoryChangesMax)
                {
                    throw new ReplicaException(
                        "REPLICA_TOO_MANY", $"More than {HistoryChangesMax} changes touched it: read them with 'replica log'.");
                }

                touching.Add((change, stored.Branch.Value < names.Length ? names[stored.Branch.Value] : ""));
            }
        }

        var fold = new HistoryFold(target);
        var entries = touching
            .OrderBy(static one => one.Change.Time).ThenBy(static one => one.Change.Dot.Log).ThenBy(static one => one.Change.Dot.Seq)
            .Select(one => new HistoryEntry(one.Change.Dot, one.Change.Time, one.Author, fold.Take(one.Change)))
            .ToList();
        return limit is { } most && most < entries.Count ? entries[^most..] : entries;
    }
}
