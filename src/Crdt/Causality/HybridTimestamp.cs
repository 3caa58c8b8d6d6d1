namespace Replica.Crdt.Causality;

/// <summary>A hybrid logical clock value: 48 bits of Unix milliseconds, then 16 bits of counter. Zero is before everything.</summary>
/// <param name="Value">The 64 bits as one number; a full counter carries into the milliseconds.</param>
/// <remarks>Source: [HLC]. Differs: both parts are one integer, so the counter can't overflow apart from the time.</remarks>
public readonly record struct HybridTimestamp(ulong Value) : IComparable<HybridTimestamp>
{
    private const int CounterBits = 16;

    /// <summary>The Unix time in milliseconds.</summary>
    public long UnixMilliseconds => (long)(Value >> CounterBits);

    /// <summary>The counter within the millisecond, 0 to 65,535.</summary>
    public int Counter => (int)(Value & 0xffff);

    /// <summary>The first timestamp of a millisecond; times before 1970 count as 0, after the year 10889 as the last.</summary>
    public static HybridTimestamp FromUnixMilliseconds(long milliseconds) =>
        new((ulong)Math.Clamp(milliseconds, 0, (1L << 48) - 1) << CounterBits);

    /// <inheritdoc/>
    public int CompareTo(HybridTimestamp other) => Value.CompareTo(other.Value);

    /// <summary>ISO time and counter.</summary>
    public override string ToString() => UnixMilliseconds <= 253_402_300_799_999
        ? $"{DateTimeOffset.FromUnixTimeMilliseconds(UnixMilliseconds):yyyy-MM-ddTHH:mm:ss.fffZ}+{Counter}"
        : $"{UnixMilliseconds}ms+{Counter}";
}
