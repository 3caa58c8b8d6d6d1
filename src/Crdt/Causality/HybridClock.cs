namespace Replica.Crdt.Causality;

/// <summary>Hands out hybrid timestamps that grow and never fall behind what was seen. One owner, no lock.</summary>
/// <remarks>Source: [HLC]. The physical time is an argument. Stamps that are held are never observed.</remarks>
public sealed class HybridClock(HybridTimestamp last)
{
    /// <summary>The greatest timestamp handed out or observed.</summary>
    public HybridTimestamp Last { get; private set; } = last;

    /// <summary>The next timestamp: the greater of the physical time and the last one plus one.</summary>
    /// <param name="unixMilliseconds">The physical time.</param>
    /// <exception cref="ClockExhaustedException">The last timestamp is the greatest there is.</exception>
    public HybridTimestamp Next(long unixMilliseconds)
    {
        if (Last.Value == ulong.MaxValue)
        {
            throw new ClockExhaustedException();
        }

        var now = HybridTimestamp.FromUnixMilliseconds(unixMilliseconds);
        Last = now.CompareTo(Last) > 0 ? now : new(Last.Value + 1);
        return Last;
    }

    /// <summary>Takes note of a timestamp of an applied change.</summary>
    public void Observe(HybridTimestamp seen)
    {
        if (seen.CompareTo(Last) > 0)
        {
            Last = seen;
        }
    }
}
