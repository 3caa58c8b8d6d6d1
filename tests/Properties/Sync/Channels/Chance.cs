namespace Replica.Tests.Properties.Sync.Channels;

/// <summary>The only source of chance in a test: one seed, one sequence, whatever the runtime.</summary>
internal sealed class Chance(ulong seed)
{
    private readonly Replica.Testing.Chance _numbers = new(seed);

    /// <summary>The seeds of a test, or the one of REPLICA_SEED, which replays a failure.</summary>
    public static IEnumerable<ulong> Seeds(int count) =>
        ulong.TryParse(Environment.GetEnvironmentVariable("REPLICA_SEED"), out var one) ? [one] : Enumerable.Range(1, count).Select(i => (ulong)i);

    public ulong Next() => _numbers.Next();

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
