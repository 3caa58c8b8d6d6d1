using Replica.Crdt.Causality;
using Replica.Peer.Exchange;

namespace Replica.Peer.Sync;

/// <summary>A log of a peer that is not taken here, and when it is asked for again.</summary>
internal sealed class RefusedLog(RunResult result)
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

    /// <summary>Whether it was asked for and its runs may come.</summary>
    public bool IsAsked { get; set; }

    /// <summary>Whether time may help.</summary>
    public bool IsHold => Verdict is RunVerdict.ClockAhead or RunVerdict.NewerVersion or RunVerdict.DependencyMissing;

    /// <summary>Whether a run of the log is not even tried. One that ends before the bad change is.</summary>
    public bool Drops(ulong lastSeq) => Verdict switch
    {
        RunVerdict.Gap => false,
        RunVerdict.Forked => true,
        _ => !IsAsked && lastSeq >= At.Seq,
    };

    /// <summary>Whether it is settled when the log reaches so far here.</summary>
    public bool IsSettledAt(ulong seq) => (IsHold || Verdict == RunVerdict.Gap) && seq >= At.Seq;
}
