using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;

namespace Replica.Peer.Sync;

/// <summary>A log of a peer that is not taken here, and when it is asked for again.</summary>
internal sealed class RefusedLog(RunResult result, SignedRun run)
{
    /// <summary>The first change that is not taken; for a gap the change that the run follows.</summary>
    public Position At { get; } = result.At;

    /// <summary>Why.</summary>
    public RunVerdict Verdict { get; } = result.Verdict;

    /// <summary>When it may be taken, Unix milliseconds, if known.</summary>
    public long? Until { get; } = result.Until;

    /// <summary>What a person may read.</summary>
    public string Detail { get; } = result.Detail;

    /// <summary>How often it was asked for again.</summary>
    public int Tries { get; set; }

    /// <summary>When it is asked for again, Unix milliseconds; nothing if never.</summary>
    public long? Due { get; set; }

    /// <summary>Before this it is not asked for, Unix milliseconds.</summary>
    public long NotBefore { get; set; }

    /// <summary>When the peer was told, Unix milliseconds.</summary>
    public long ToldAt { get; set; }

    /// <summary>Whether it was asked for and its runs may come.</summary>
    public bool IsAsked { get; set; }

    /// <summary>Whether time may help.</summary>
    public bool IsHold => Verdict is RunVerdict.ClockAhead or RunVerdict.NewerVersion or RunVerdict.DependencyMissing;

    /// <summary>Whether a run is not even tried: it is the one that was not taken, or follows it. One that ends before that is.</summary>
    /// <param name="other">A run of the log.</param>
    /// <param name="reach">How far the longest branch of the log reaches here: a run behind that can't be another branch's.</param>
    public bool Drops(SignedRun other, ulong reach) => Verdict != RunVerdict.Gap && !IsAsked
        && ((other.BaseSeq >= At.Seq && other.BaseSeq > reach) || (other.LastSeq == run.LastSeq && other.Signature == run.Signature));

    /// <summary>Whether it is settled when a branch of the log reaches so far here. If it was another branch, asking again tells.</summary>
    public bool IsSettledAt(ulong seq) => (IsHold || Verdict == RunVerdict.Gap) && seq >= At.Seq;
}
