using System.Diagnostics;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;

namespace Replica.Peer.Sync;

/// <summary>Takes runs from a peer, has them applied in order, and answers for each log what became of it.</summary>
internal sealed class RunReceiver(
    ISyncEffects effects, SyncOptions options, OwnPositions own, PeerPositions peer, PeerClaims claims, RefusalMemory? memory)
{
    private readonly Queue<SignedRun> _waiting = new();
    private long _waitingBytes;
    private List<SignedRun>? _applying;

    /// <summary>The logs that are not taken.</summary>
    public RefusedLogs Refused { get; } = new(effects, options, memory);

    /// <summary>Whether all that came is applied or refused.</summary>
    public bool IsIdle => _waiting.Count == 0 && _applying is null;

    /// <summary>What was received.</summary>
    public SyncTraffic Traffic { get; private set; }

    /// <summary>What of it was here already.</summary>
    public SyncTraffic Repeated { get; private set; }

    /// <summary>The batch that is being applied.</summary>
    public IReadOnlyList<SignedRun> Applying => _applying ?? [];

    /// <summary>Queues runs that came.</summary>
    /// <returns>Whether there is room for them.</returns>
    public bool TryEnqueue(IReadOnlyList<SignedRun> runs)
    {
        foreach (var run in runs)
        {
            Traffic = Traffic.With(run);
            _waitingBytes += RunSize.WireBytes(run);
            _waiting.Enqueue(run);
            OnClaim(new(run.Log, run.LastSeq, default));
        }

        return _waitingBytes <= options.InboxBytesMax;
    }

    /// <summary>Tells a new peer what was not taken from others, before it sends it.</summary>
    public void Recall()
    {
        foreach (var result in Refused.TakeRemembered())
        {
            Tell(result.At, result.Verdict, result.Until);
        }
    }

    /// <summary>Takes that the peer has a place.</summary>
    public void OnClaim(Position claim)
    {
        if (Refused.Recall(claim, own.Reach(claim.Log)))
        {
            Want([claim.Log]);
        }
    }

    /// <summary>Has the next batch applied if none is under way.</summary>
    public void Pump()
    {
        if (_applying is not null)
        {
            return;
        }

        var batch = new List<SignedRun>();
        var bytes = 0;
        while (bytes < options.BatchBytes && _waiting.TryDequeue(out var run))
        {
            _waitingBytes -= RunSize.WireBytes(run);
            if (!Refused.TryGet(run.Log, out var refused) || !refused.Drops(run, own.Reach(run.Log)))
            {
                batch.Add(run);
                bytes += RunSize.WireBytes(run);
            }
            else if (Refused.MustTell(refused))
            {
                Tell(refused.At, refused.Verdict, refused.Until);
            }
        }

        if (batch.Count > 0)
        {
            _applying = batch;
            effects.Apply(batch);
        }
    }

    /// <summary>Answers for a batch.</summary>
    /// <returns>The text of a fault that ends the session, or nothing.</returns>
    public string? OnApplied(ApplyReport report)
    {
        CountRepeated(report);
        var batch = Applying;
        _applying = null;
        var applied = new Dictionary<BranchId, Position>();
        var gaps = new List<LogId>();
        foreach (var (run, result) in batch.Zip(report.Results))
        {
            switch (result.Verdict)
            {
                case RunVerdict.Applied or RunVerdict.Known:
                    applied[result.Branch!.Value] = result.At;
                    _ = peer.Claim(result.At, result.Branch.Value);
                    claims.Add(result.At);
                    _ = Refused.Settle(result.At);
                    break;
                case RunVerdict.ClockAhead or RunVerdict.NewerVersion or RunVerdict.DependencyMissing:
                    Refused.Hold(result, run);
                    Tell(result.At, result.Verdict, result.Until);
                    break;
                case RunVerdict.Invalid or RunVerdict.NotAWriter or RunVerdict.BadAdmission:
                    Refused.Refuse(result, run);
                    Tell(result.At, result.Verdict, null);
                    break;
                case RunVerdict.Gap when Refused.Gap(result, run):
                    gaps.Add(result.At.Log);
                    break;
                case RunVerdict.Forged:
                    return result.Detail;
                case RunVerdict.Gap or RunVerdict.Skipped:
                    break;
                default:
                    throw new UnreachableException($"No case for {result.Verdict}.");
            }
        }

        Acknowledge(applied);
        Want(gaps.Order());
        return null;
    }

    /// <summary>Positions here grew: what was held for lack of them is asked for, or settled if another peer brought it.</summary>
    public void OnGrown()
    {
        if (Refused.Count == 0)
        {
            return;
        }

        Want(own.All.Where(Refused.Settle).Select(static position => position.Log).Distinct());
        Refused.HastenDependents();
    }

    /// <summary>Asks again for what was held, or for what a gap swallowed.</summary>
    public void OnRetry() => Want(Refused.TakeDue());

    /// <summary>Whether a run that the store gives came from the peer and is not answered for yet.</summary>
    public bool IsApplying(SignedRun run) => _applying is { } batch && batch.Exists(other =>
        other.Log == run.Log && other.LastSeq == run.LastSeq && other.Signature == run.Signature);

    private void Tell(Position at, RunVerdict reason, long? until) => effects.Send(
        reason is RunVerdict.Invalid or RunVerdict.NotAWriter or RunVerdict.BadAdmission
            ? new SyncMessage.Reject(at, reason)
            : new SyncMessage.Hold(at, reason, until is >= 0 ? until : null));

    private void CountRepeated(ApplyReport report)
    {
        foreach (var (run, result) in Applying.Zip(report.Results))
        {
            if (result.Verdict == RunVerdict.Known)
            {
                Repeated = Repeated.With(run);
            }
        }
    }

    /// <summary>Of a log with one branch its end says most; else where each run ended that came.</summary>
    private void Acknowledge(Dictionary<BranchId, Position> applied)
    {
        var places = applied.Values.SelectMany(place => own.IsForked(place.Log) ? [place] : own.From(place.Log)).Distinct().Order();
        foreach (var part in places.Chunk(SyncLimits.PositionsMax))
        {
            effects.Send(new SyncMessage.Ack(part));
        }
    }

    private void Want(IEnumerable<LogId> logs)
    {
        foreach (var part in logs.SelectMany(own.From).Order().Chunk(SyncLimits.PositionsMax))
        {
            effects.Send(new SyncMessage.Want(part));
        }
    }
}
