namespace Replica.Transport;

/// <summary>Remembers how the wall clock stood at one moment, to tell later how it has been set meanwhile.</summary>
/// <param name="time">The clock.</param>
/// <remarks>A machine that slept counts as one whose clock was set forward; connections seldom outlive that.</remarks>
public sealed class ClockMark(TimeProvider time)
{
    private readonly DateTimeOffset _utc = time.GetUtcNow();
    private readonly long _timestamp = time.GetTimestamp();

    /// <summary>By how much the clock has been set back since then; less than zero if it was set forward.</summary>
    public TimeSpan SetBack => _utc + time.GetElapsedTime(_timestamp) - time.GetUtcNow();
}
