namespace Replica.Peer.Store.Verification;

/// <summary>What a verification tells while it runs; the last one is <see cref="Ended"/>.</summary>
public abstract record VerifyEvent
{
    private VerifyEvent()
    {
    }

    /// <summary>How far it is.</summary>
    /// <param name="Phase">What it does: <c>log</c>, <c>state</c> or <c>file</c>.</param>
    /// <param name="Done">How much of that is done.</param>
    /// <param name="Total">How much there is.</param>
    public sealed record Progress(string Phase, long Done, long Total) : VerifyEvent;

    /// <summary>Something is wrong.</summary>
    /// <param name="Damage">What.</param>
    public sealed record Found(Damage Damage) : VerifyEvent;

    /// <summary>All was looked at.</summary>
    /// <param name="Summary">The sum.</param>
    public sealed record Ended(VerifySummary Summary) : VerifyEvent;
}
