namespace Replica.Peer.Store.Integrity;

/// <summary>What checking, repairing, saving or restoring a space tells while it runs; the last one is its sum.</summary>
public abstract record IntegrityEvent
{
    private IntegrityEvent()
    {
    }

    /// <summary>How far it is.</summary>
    /// <param name="Phase">What it does: <c>copy</c> (in bytes), <c>log</c> (in changes), <c>state</c> (in tables) or <c>file</c>.</param>
    /// <param name="Done">How much of that is done.</param>
    /// <param name="Total">How much there is.</param>
    public sealed record Progress(string Phase, long Done, long Total) : IntegrityEvent;

    /// <summary>Something is wrong.</summary>
    /// <param name="Damage">What.</param>
    public sealed record Found(Damage Damage) : IntegrityEvent;

    /// <summary>All was looked at.</summary>
    /// <param name="Summary">The sum.</param>
    public sealed record Verified(VerifySummary Summary) : IntegrityEvent;

    /// <summary>The space was repaired.</summary>
    /// <param name="Summary">The sum.</param>
    public sealed record Repaired(RepairSummary Summary) : IntegrityEvent;

    /// <summary>The backup is complete and on disk.</summary>
    /// <param name="Summary">The sum.</param>
    public sealed record Saved(BackupSummary Summary) : IntegrityEvent;

    /// <summary>The home is made.</summary>
    /// <param name="Summary">The sum.</param>
    public sealed record Restored(RestoreSummary Summary) : IntegrityEvent;
}
