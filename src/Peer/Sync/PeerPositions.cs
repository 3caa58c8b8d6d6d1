using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Peer.Sync;

/// <summary>What the other side of a session has, was sent, and does not want. Bounded by the number of logs.</summary>
internal sealed class PeerPositions
{
    private readonly Dictionary<LogId, PeerLog> _logs = [];

    /// <summary>How many digests were sent: the session's count of time.</summary>
    public long Digests { get; set; }

    /// <summary>Bytes of changes that are sent and not acknowledged.</summary>
    public long UnacknowledgedBytes { get; private set; }

    /// <summary>How many logs are remembered.</summary>
    public int Count => _logs.Count;

    /// <summary>All that is known, by log.</summary>
    public IReadOnlyDictionary<LogId, PeerLog> Logs => _logs;

    /// <summary>Takes that the peer holds a place; a place before a known one changes nothing.</summary>
    /// <returns>Whether a hold of the log is settled by it, so that the log flows again.</returns>
    public bool Claim(Position position)
    {
        var log = Log(position.Log);
        if (position.Seq > log.Claim.Seq || (position.Seq == log.Claim.Seq && log.Claim.Head == default))
        {
            log.Claim = position;
            log.Mark = Digests;
        }

        Acknowledge(log);
        if (log.Refusal is null || log.Refusal.At.Seq > log.Claim.Seq)
        {
            return false;
        }

        log.Refusal = null;
        return true;
    }

    /// <summary>Takes that a run goes out.</summary>
    public void Send(SignedRun run)
    {
        var log = Log(run.Log);
        var bytes = RunSize.ChangeBytes(run);
        log.Sent = Math.Max(log.Sent, run.LastSeq);
        log.Mark = Digests;
        log.Unacknowledged.Enqueue((run.LastSeq, bytes));
        UnacknowledgedBytes += bytes;
    }

    /// <summary>Takes that the peer wants the log from a place on, whatever it said before.</summary>
    public void Reset(Position position)
    {
        var log = Log(position.Log);
        Forget(log);
        log.Claim = position;
        log.Mark = Digests;
        log.Refusal = null;
    }

    /// <summary>Takes that the peer does not take the log.</summary>
    public void Refuse(SyncRefusal refusal)
    {
        var log = Log(refusal.At.Log);
        Forget(log);
        log.Refusal = refusal;
    }

    /// <summary>Takes that the peer's copy of the log stands on another branch.</summary>
    public void MarkForked(LogId id)
    {
        var log = Log(id);
        Forget(log);
        log.IsForked = true;
    }

    /// <summary>At the end of a list of the peer's positions: drops what was assumed and did not come true long after it was sent.</summary>
    /// <param name="listed">What the list that just ended said, by log.</param>
    /// <returns>Whether anything must be sent again.</returns>
    public bool EndList(IReadOnlyDictionary<LogId, Position> listed)
    {
        var isStale = false;
        foreach (var (id, log) in _logs)
        {
            // A list answers a digest only when all that came before the digest is applied, so what went out two
            // digests ago and is not in the list was lost on the other side.
            if (Digests - log.Mark < 2 || log.IsBlocked)
            {
                continue;
            }

            var said = listed.GetValueOrDefault(id, log.Claim);
            if (said.Seq < log.Has)
            {
                Reset(said);
                isStale = true;
            }
        }

        return isStale;
    }

    /// <summary>Up to where nothing has to be sent, by log: a copy for the store.</summary>
    public Dictionary<LogId, ulong> CopyHas()
    {
        var has = new Dictionary<LogId, ulong>(_logs.Count);
        foreach (var (id, log) in _logs)
        {
            if (log.Has > 0)
            {
                has.Add(id, log.Has);
            }
        }

        return has;
    }

    /// <summary>The logs that may not be sent: a copy for the store.</summary>
    public HashSet<LogId> CopyBlocked()
    {
        var blocked = new HashSet<LogId>();
        foreach (var (id, log) in _logs)
        {
            if (log.IsBlocked)
            {
                _ = blocked.Add(id);
            }
        }

        return blocked;
    }

    /// <summary>Whether the peer lacks the run and may get it.</summary>
    public bool Lacks(SignedRun run) => !_logs.TryGetValue(run.Log, out var log) || (!log.IsBlocked && run.LastSeq > log.Has);

    private PeerLog Log(LogId id)
    {
        if (!_logs.TryGetValue(id, out var log))
        {
            log = new() { Claim = new(id, 0, default), Mark = Digests };
            _logs.Add(id, log);
        }

        return log;
    }

    private void Acknowledge(PeerLog log)
    {
        while (log.Unacknowledged.TryPeek(out var run) && run.LastSeq <= log.Claim.Seq)
        {
            UnacknowledgedBytes -= log.Unacknowledged.Dequeue().Bytes;
        }
    }

    private void Forget(PeerLog log)
    {
        log.Sent = 0;
        while (log.Unacknowledged.TryDequeue(out var run))
        {
            UnacknowledgedBytes -= run.Bytes;
        }
    }
}
