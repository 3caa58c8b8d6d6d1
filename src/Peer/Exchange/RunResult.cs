using Replica.Crdt.Causality;

namespace Replica.Peer.Exchange;

/// <summary>What became of one run.</summary>
/// <param name="At">The first bad change; for a good run the position behind it.</param>
/// <param name="Verdict">The outcome.</param>
/// <param name="Until">For a clock that is ahead: when to ask again, Unix milliseconds.</param>
/// <param name="Detail">What a person may read about it; empty where all is well.</param>
public sealed record RunResult(Position At, RunVerdict Verdict, long? Until, string Detail)
{
    /// <summary>For a good run the branch that it stands on, by this replica's number.</summary>
    public BranchId? Branch { get; init; }

    /// <summary>The stable code of the verdict, the same whether the run came from a peer, a backup or the disk.</summary>
    public string Code => Verdict switch
    {
        RunVerdict.Gap => "REPLICA_CHANGE_GAP",
        RunVerdict.ClockAhead => "REPLICA_CLOCK_AHEAD",
        RunVerdict.NewerVersion => "REPLICA_CHANGE_NEWER",
        RunVerdict.DependencyMissing => "REPLICA_CHANGE_WAITS",
        RunVerdict.Invalid => "REPLICA_CHANGE_INVALID",
        RunVerdict.NotAWriter => "REPLICA_CHANGE_NOT_A_WRITER",
        RunVerdict.BadAdmission => "REPLICA_CHANGE_BAD_ADMISSION",
        RunVerdict.Forged => "REPLICA_CHANGE_FORGED",
        RunVerdict.Skipped => "REPLICA_CHANGE_SKIPPED",
        _ => "",
    };
}
