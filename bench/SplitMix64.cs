namespace Replica.Bench;

/// <summary>A small generator whose sequence never changes, whatever the runtime: recorded numbers stay comparable.</summary>
/// <remarks>Source: [SplitMix] figure 17.</remarks>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            var mixed = _state;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }

    /// <summary>A number from 0 up to, not including, <paramref name="limit"/>; the bias is below 2^-32.</summary>
    public int Below(int limit) => (int)(((Next() >> 32) * (ulong)limit) >> 32);

    /// <summary>A number in <c>[0, 1)</c>.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));
}
