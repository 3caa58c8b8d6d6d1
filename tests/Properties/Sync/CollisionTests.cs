using Replica.Crdt.Causality;
using Replica.Transport;
using Xunit;

namespace Replica.Tests.Properties.Sync;

/// <summary>Names that a member may choose freely, as many as it likes, and that land in tables of ours.</summary>
public sealed class CollisionTests
{
    private const int Count = 100_000;

    /// <summary>Each differs from the next in both halves of a word: a hash that folds the halves together sees one and the same.</summary>
    public static TheoryData<string, Func<ulong, object>> Names => new()
    {
        { "log", static word => new LogId(new UInt128(word, 0)) },
        { "log, low half", static word => new LogId(word) },
        { "head", static word => new HeadPrefix(new UInt128(word, word)) },
        { "32 bytes", static word => new Bytes32(word, new UInt128(word, 0)) },
        { "space", static word => new SpaceId(new Bytes32(0, word)) },
        { "author", static word => new AuthorKey(new Bytes32(new UInt128(word, word), 0)) },
        { "dot", static word => new Dot(new LogId(7), word) },
        { "position, by number", static word => new Position(new LogId(7), word, new HeadPrefix(1)) },
        { "position, by head", static word => new Position(new LogId(7), 1, new HeadPrefix(word)) },
        { "device", static word => Device(word) },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void D3_a_hundred_thousand_names_made_to_collide_do_not(string kind, Func<ulong, object> name)
    {
        var codes = new HashSet<int>();
        for (var i = 1UL; i <= Count; i++)
        {
            _ = codes.Add(name((i << 32) | i).GetHashCode());
        }

        // By chance alone about one of them in a million meets another.
        Assert.True(codes.Count > Count - 100, $"{kind}: {Count} names have {codes.Count} hash codes.");
    }

    private static DeviceKey Device(ulong word)
    {
        var bytes = new byte[DeviceKey.SizeBytes];
        BitConverter.TryWriteBytes(bytes.AsSpan(16), word);
        return DeviceKey.FromBytes(bytes);
    }
}
