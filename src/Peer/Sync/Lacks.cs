namespace Replica.Peer.Sync;

/// <summary>Counts what one side has beyond the other.</summary>
internal static class Lacks
{
    /// <summary>How far a log reaches beyond another copy of it.</summary>
    public static ulong Beyond(ulong seq, ulong other) => seq > other ? seq - other : 0;

    /// <summary>A peer may claim any number: the sum stops at the greatest that can be shown.</summary>
    public static long Total(IEnumerable<ulong> counts)
    {
        UInt128 total = 0;
        foreach (var count in counts)
        {
            total += count;
        }

        return (long)UInt128.Min(total, long.MaxValue);
    }
}
