using System.Diagnostics.CodeAnalysis;
using Replica.Crdt.Causality;
using Replica.Peer.Exchange;

namespace Replica.Peer.Sync;

/// <summary>What the other side of a session has of the branches here, was sent, and does not want.</summary>
/// <remarks>Bounded by the number of branches here. Branches have this replica's numbers: the peer's are nobody's business.</remarks>
internal sealed class PeerPositions
{
    private readonly Dictionary<BranchId, PeerBranch> _branches = [];
    private readonly Dictionary<LogId, List<BranchId>> _byLog = [];

    // Last claims and ends of runs that are under way: what the peer says of them needs no look into the store.
    private readonly Dictionary<Position, BranchId> _places = [];
    private readonly HashSet<LogId> _waiting = [];

    /// <summary>How many digests were sent: the session's count of time.</summary>
    public long Digests { get; private set; }

    /// <summary>Bytes of changes that are sent and not acknowledged.</summary>
    public long UnacknowledgedBytes { get; private set; }

    /// <summary>Why the peer does not take branches of ours, ascending.</summary>
    public IEnumerable<SyncRefusal> Refusals => _branches.Values.Select(static branch => branch.Refusal).OfType<SyncRefusal>().OrderBy(static r => r.At);

    /// <summary>The branch of a place that was sent or claimed last.</summary>
    public bool TryFind(Position place, [MaybeNullWhen(false)] out BranchId branch) => _places.TryGetValue(place, out branch);

    /// <summary>Takes that the peer holds a place on a branch; one before a known place changes nothing.</summary>
    /// <returns>Whether a hold is settled by it, so that the branch flows again.</returns>
    public bool Claim(Position place, BranchId id)
    {
        var branch = Branch(id, place.Log);
        if (place.Seq > branch.Claim.Seq)
        {
            _ = _places.Remove(branch.Claim);
            branch.Claim = place;
            branch.Mark = Digests;
            _places[place] = id;
        }

        Acknowledge(branch);
        if (branch.Refusal is null || branch.Refusal.At.Seq > branch.Claim.Seq)
        {
            return false;
        }

        branch.Refusal = null;
        return true;
    }

    /// <summary>Takes that a run goes out.</summary>
    public void Send(PagedRun run)
    {
        var branch = Branch(run.Branch, run.Run.Log);
        var bytes = RunSize.ChangeBytes(run.Run);
        branch.Sent = Math.Max(branch.Sent, run.Run.LastSeq);
        branch.Mark = Digests;
        branch.Unacknowledged.Enqueue((run.End, bytes));
        _places[run.End] = run.Branch;
        UnacknowledgedBytes += bytes;
    }

    /// <summary>Forgets all that was assumed of a log.</summary>
    public void Reset(LogId log)
    {
        foreach (var id in _byLog.GetValueOrDefault(log) ?? [])
        {
            Reset(_branches[id], new(log, 0, default));
            _branches[id].Refusal = null;
        }
    }

    /// <summary>Takes that the peer does not take a branch from a change on.</summary>
    public void Refuse(BranchId id, SyncRefusal refusal)
    {
        var branch = Branch(id, refusal.At.Log);
        Forget(branch);
        branch.Refusal = refusal;
    }

    /// <summary>Takes that the peer does not take a change that it can't name: any branch with which it was sent may be meant.</summary>
    public void RefuseSent(SyncRefusal refusal)
    {
        foreach (var id in (_byLog.GetValueOrDefault(refusal.At.Log) ?? []).Where(id => _branches[id].Sent >= refusal.At.Seq))
        {
            Refuse(id, refusal);
        }
    }

    /// <summary>Whether it is not known yet where chains here and there part: what depends on them must not go out before them.</summary>
    public bool IsWaiting => _waiting.Count > 0;

    /// <summary>Waits to hear where the chains of a log part.</summary>
    public void Wait(LogId log) => _waiting.Add(log);

    /// <summary>It is known.</summary>
    public void EndWait(LogId log) => _waiting.Remove(log);

    /// <summary>A digest is about to go out. What was not told in time is not waited for: what is not known to be there is sent.</summary>
    public void OnDigest()
    {
        Digests++;
        _waiting.Clear();
    }

    /// <summary>At the end of a list of the peer's positions: drops what was assumed and did not come true long after it was sent.</summary>
    /// <param name="listed">What the list that just ended said, by branch.</param>
    /// <returns>Whether anything must be sent again.</returns>
    public bool EndList(IReadOnlyDictionary<BranchId, Position> listed)
    {
        var isStale = false;
        foreach (var (id, branch) in _branches)
        {
            // A list answers a digest only when all that came before the digest is applied, so what went out two
            // digests ago and is not in the list was lost on the other side.
            if (Digests - branch.Mark < 2 || branch.Refusal is not null)
            {
                continue;
            }

            var said = listed.GetValueOrDefault(id, branch.Claim);
            if (said.Seq < branch.Has)
            {
                Reset(branch, said);
                _places[said] = id;
                isStale = true;
            }
        }

        return isStale;
    }

    /// <summary>What to read next.</summary>
    public RunQuery Query(long cursor, int bytesMax) => new(
        cursor,
        _branches.Where(static pair => pair.Value.Has > 0).ToDictionary(static pair => pair.Key, static pair => pair.Value.Has),
        _branches.Where(static pair => pair.Value.Refusal is not null).Select(static pair => pair.Key).ToHashSet(),
        bytesMax);

    /// <summary>Whether the peer lacks the run and may get it.</summary>
    public bool Lacks(PagedRun run) =>
        !_branches.TryGetValue(run.Branch, out var branch) || (branch.Refusal is null && run.Run.LastSeq > branch.Has);

    private PeerBranch Branch(BranchId id, LogId log)
    {
        if (!_branches.TryGetValue(id, out var branch))
        {
            branch = new(log) { Mark = Digests };
            _branches.Add(id, branch);
            if (!_byLog.TryGetValue(log, out var branches))
            {
                _byLog.Add(log, branches = []);
            }

            branches.Add(id);
        }

        return branch;
    }

    private void Acknowledge(PeerBranch branch)
    {
        while (branch.Unacknowledged.TryPeek(out var run) && run.End.Seq <= branch.Claim.Seq)
        {
            Drop(branch);
        }
    }

    private void Reset(PeerBranch branch, Position claim)
    {
        Forget(branch);
        _ = _places.Remove(branch.Claim);
        branch.Claim = claim;
        branch.Mark = Digests;
    }

    private void Forget(PeerBranch branch)
    {
        branch.Sent = 0;
        while (branch.Unacknowledged.Count > 0)
        {
            Drop(branch);
        }
    }

    private void Drop(PeerBranch branch)
    {
        var (end, bytes) = branch.Unacknowledged.Dequeue();
        UnacknowledgedBytes -= bytes;
        if (end != branch.Claim)
        {
            _ = _places.Remove(end);
        }
    }
}
