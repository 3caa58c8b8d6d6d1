using Replica.Crdt.Causality;
using Replica.Peer.Exchange;

namespace Replica.Peer.Store;

/// <summary>Which runs a query asks for, among all branches of forked logs.</summary>
internal sealed class PeerReach
{
    private readonly RunQuery _query;
    private readonly IReadOnlyDictionary<BranchId, ulong> _has;

    public PeerReach(RunQuery query, IReadOnlyList<LogRow> logs)
    {
        _query = query;
        _has = query.Has;
        Dictionary<BranchId, ulong>? implied = null;
        for (var i = logs.Count - 1; i >= 0; i--)
        {
            // Who has something of a branch has what lies before it. A parent has a smaller number than its branches.
            if (logs[i].Fork is { } fork && _has.ContainsKey(logs[i].Branch) && _has.GetValueOrDefault(fork.Parent) < fork.Seq)
            {
                _has = implied ??= new(query.Has);
                implied[fork.Parent] = fork.Seq;
            }
        }
    }

    /// <summary>Whether the peer lacks a run and may get it.</summary>
    public bool Lacks(BranchId branch, ulong lastSeq) => lastSeq > _has.GetValueOrDefault(branch)
        && !_query.Blocked.Contains(branch);
}
