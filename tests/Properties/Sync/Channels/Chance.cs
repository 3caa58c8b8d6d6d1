namespace Replica.Tests.Properties.Sync.Channels;

/// <summary>The only source of chance in a test: one seed, one sequence, whatever the runtime.</summary>
/// <remarks>Source: [SplitMix] figure 17.</remarks>
internal sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The seeds of a test, or the one of REPLICA_SEED, which replays a failure.</summary>
    public static IEnumerable<ulong> Seeds(int count) =>
        ulong.TryParse(Environment.GetEnvironmentVariable("REPLICA_SEED"), out var one) ? [one] : Enumerable.Range(1, count).Select(i => (ulong)i);

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

    /// <summary>A number from 0 up to, not including, <paramref name="limit"/>.</summary>
    public int Below(int limit) => (int)(Next() % (ulong)limit);

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
        {
            bytes[i] = (byte)(Next() & 0xff);
        }

        return bytes;
    }
}
