using System.Buffers;
using System.IO.Compression;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Peer.Exchange;
using Replica.Peer.Sync;
using Replica.Testing;
using Replica.Tests.Properties.Golden;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Sync.Session;

public sealed class SyncMessageCodecTests(ITestOutputHelper output)
{
    private const int MutationsEach = 60;

    private static readonly Position s_first = new(new((UInt128)0x11), 3, new((UInt128)0xa1));
    private static readonly Position s_second = new(new((UInt128)0x22), 300, new((UInt128)0xa2));
    private static readonly Position s_empty = new(new((UInt128)0x33), 0, default);

    private static readonly (int, string)[] s_firstFields =
        [(1, "array of 3"), (2, "16 bytes"), (16, "log"), (1, "seq 3"), (2, "16 bytes"), (16, "head")];

    public static TheoryData<string> Names => [.. Messages().Select(static message => message.GetType().Name)];

    [Fact]
    public void A_digest_has_the_bytes_on_record() => Verify("sync-digest", new SyncMessage.Digest(new(1, 2)),
        (1, "array of 2"), (1, "32: digest"), (2, "32 bytes"), (32, "SHA-256 of the positions"));

    [Fact]
    public void A_have_has_the_bytes_on_record() => Verify("sync-have", new SyncMessage.Have([s_first, s_second], true),
        [(1, "array of 3"), (1, "33: have"), (1, "array of 2"), .. s_firstFields, (1, "array of 3"), (2, "16 bytes"), (16, "log"),
            (3, "seq 300"), (2, "16 bytes"), (16, "head"), (1, "true: more")]);

    [Fact]
    public void A_trace_has_the_bytes_on_record() =>
        Verify("sync-trace", new SyncMessage.Trace(s_first.Log, [s_first, new(s_first.Log, 0, default)]),
            (1, "array of 3"), (1, "34: trace"), (2, "16 bytes"), (16, "log"), (1, "array of 2"),
            (1, "array of 2"), (1, "seq 3"), (2, "16 bytes"), (16, "head"),
            (1, "array of 2"), (1, "seq 0"), (2, "16 bytes"), (16, "no head"));

    [Fact]
    public void Runs_have_the_bytes_on_record() => Verify("sync-runs", new SyncMessage.Runs([Run("ab"u8.ToArray(), "c"u8.ToArray())]),
        (1, "array of 2"), (1, "35: runs"), (1, "array of 1"), (1, "array of 5"), (2, "16 bytes"), (16, "log"), (1, "base seq 3"),
        (2, "16 bytes"), (16, "base head"), (1, "array of 2"), (2, "2 bytes"), (2, "change 4"), (2, "1 byte"), (1, "change 5"),
        (2, "64 bytes"), (64, "signature"));

    [Fact]
    public void An_ack_has_the_bytes_on_record() => Verify("sync-ack", new SyncMessage.Ack([s_first]),
        [(1, "array of 2"), (1, "36: ack"), (1, "array of 1"), .. s_firstFields]);

    [Fact]
    public void A_hold_has_the_bytes_on_record() => Verify("sync-hold", new SyncMessage.Hold(s_first, RunVerdict.ClockAhead, 1_700_000_000_000),
        (1, "array of 6"), (1, "37: hold"), (2, "16 bytes"), (16, "log"), (1, "seq 3"), (2, "16 bytes"), (16, "head"),
        (1, "reason: clock ahead"), (9, "until, Unix milliseconds"));

    [Fact]
    public void A_reject_has_the_bytes_on_record() => Verify("sync-reject", new SyncMessage.Reject(s_first, RunVerdict.NotAWriter),
        (1, "array of 5"), (1, "38: reject"), (2, "16 bytes"), (16, "log"), (1, "seq 3"), (2, "16 bytes"), (16, "head"),
        (1, "reason: not a writer"));

    [Fact]
    public void A_want_has_the_bytes_on_record() => Verify("sync-want", new SyncMessage.Want([s_empty]),
        (1, "array of 2"), (1, "39: want"), (1, "array of 1"),
        (1, "array of 3"), (2, "16 bytes"), (16, "log"), (1, "seq 0: all of it"), (2, "16 bytes"), (16, "no head"));

    [Fact]
    public void A_presence_has_the_bytes_on_record() =>
        Verify("sync-presence", new SyncMessage.Presence("here"u8.ToArray(), TimeSpan.FromSeconds(5)),
            (1, "array of 3"), (1, "40: presence"), (2, "4 bytes"), (4, "here"), (3, "5,000 ms"));

    [Fact]
    public void A_prune_has_the_bytes_on_record() => Verify("sync-prune", new SyncMessage.Prune(), (1, "array of 1"), (1, "41: prune"));

    [Fact]
    public void A_graft_has_the_bytes_on_record() => Verify("sync-graft", new SyncMessage.Graft([s_first]),
        [(1, "array of 2"), (1, "42: graft"), (1, "array of 1"), .. s_firstFields]);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_message_cut_at_any_byte_is_refused(string name)
    {
        var bytes = Encode(Named(name));

        for (var length = 0; length < bytes.Length; length++)
        {
            _ = Assert.Throws<EncodingException>(() => SyncMessageCodec.Read(bytes.AsMemory(0, length)));
        }

        _ = Assert.Throws<EncodingException>(() => SyncMessageCodec.Read((byte[])[.. bytes, 0xc0]));
    }

    [Fact]
    public void What_is_read_is_written_in_the_same_bytes_and_all_else_is_refused() => Seeds.ForEach(output, chance =>
    {
        foreach (var message in Messages())
        {
            for (var i = 0; i < MutationsEach; i++)
            {
                var bytes = Encode(message);
                for (var flips = chance.Between(1, 3); flips > 0; flips--)
                {
                    bytes[chance.Below(Math.Min(bytes.Length, 400))] = chance.Pick([.. chance.Bytes(2), (byte)0, (byte)0xff]);
                }

                AssertCanonicalOrRefused(bytes);
            }
        }
    }, 30);

    [Fact]
    public void A_damaged_block_is_refused_or_holds_runs() => Seeds.ForEach(output, chance =>
    {
        var bytes = Encode(new SyncMessage.Runs([Run(Compressible(1, 20_000))]), isPacked: true);
        for (var i = 0; i < MutationsEach; i++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[chance.Below(bytes.Length)] ^= (byte)(1 << chance.Below(8));
            AssertCanonicalOrRefused(damaged);
            AssertCanonicalOrRefused(bytes[..chance.Below(bytes.Length)]);
        }
    }, 20);

    [Fact]
    public void A_message_of_a_newer_version_is_let_pass() =>
        Assert.Equal(new SyncMessage.Ignored(200), SyncMessageCodec.Read(Raw(static writer =>
        {
            writer.WriteArrayHeader(3);
            writer.Write(200L);
            writer.Write("anything");
            writer.Write(1.5);
        })));

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(43)]
    [InlineData(48)]
    [InlineData(65)]
    [InlineData(127)]
    public void Any_other_number_is_refused(long number) => AssertRefused(Raw(writer =>
    {
        writer.WriteArrayHeader(2);
        writer.Write(number);
        writer.Write(1L);
    }), "does not belong on a space channel");

    [Fact]
    public void More_positions_than_allowed_are_refused()
    {
        var positions = Enumerable.Range(1, SyncLimits.PositionsMax + 1).Select(static i => new Position(new((UInt128)i), 1, new(1))).ToArray();

        Assert.Equal(SyncLimits.PositionsMax, ((SyncMessage.Have)SyncMessageCodec.Read(Encode(new SyncMessage.Have(positions[1..], false)))).Positions.Count);
        AssertRefused(Encode(new SyncMessage.Have(positions, false)), "at most 16384 are allowed");
        AssertRefused(Encode(new SyncMessage.Ack(positions)), "at most 16384 are allowed");
        AssertRefused(Encode(new SyncMessage.Want(positions)), "at most 16384 are allowed");
    }

    [Fact]
    public void What_is_out_of_order_or_out_of_bounds_is_refused()
    {
        var zero = new Position(s_first.Log, 0, default);
        AssertRefused(Encode(new SyncMessage.Have([s_second, s_first], false)), "do not ascend");
        AssertRefused(Encode(new SyncMessage.Have([s_first, s_first], false)), "do not ascend");
        AssertRefused(Encode(new SyncMessage.Have([s_empty with { Head = new(1) }], false)), "an empty log has a head");
        AssertRefused(Encode(new SyncMessage.Ack([])), "is empty");
        AssertRefused(Encode(new SyncMessage.Want([])), "is empty");
        AssertRefused(Encode(new SyncMessage.Runs([])), "is empty");
        AssertRefused(Encode(new SyncMessage.Trace(s_first.Log, [s_first])), "do not end in the empty log");
        AssertRefused(Encode(new SyncMessage.Trace(s_first.Log, [])), "do not end in the empty log");
        AssertRefused(Encode(new SyncMessage.Trace(s_first.Log, [s_first, s_first, zero])), "do not descend");
        AssertRefused(Encode(new SyncMessage.Trace(s_first.Log, [.. Enumerable.Range(0, 65).Select(i => zero with { Seq = (ulong)(64 - i) })])), "at most 64");
        AssertRefused(Encode(new SyncMessage.Hold(s_first, RunVerdict.Invalid, null)), "above 5");
        AssertRefused(Encode(new SyncMessage.Hold(s_first, RunVerdict.Known, null)), "no reason");
        AssertRefused(Encode(new SyncMessage.Reject(s_first, RunVerdict.ClockAhead)), "no reason");
        AssertRefused(Encode(new SyncMessage.Reject(s_first, RunVerdict.Forged)), "above 8");
        AssertRefused(Encode(new SyncMessage.Presence(new byte[SyncLimits.PresenceBytesMax + 1], default)), "at most 4096");
        AssertRefused(Encode(new SyncMessage.Presence(default, TimeSpan.FromSeconds(61))), "above 60000");
        AssertRefused(new byte[SyncLimits.BodyBytesMax + 1], "at most 2097152");
    }

    [Fact]
    public void Long_runs_are_packed_and_come_out_as_they_were()
    {
        var runs = new SyncMessage.Runs([.. Enumerable.Range(0, 8).Select(static i => Run(Compressible(i, 5_000)))]);

        var packed = Encode(runs, isPacked: true);

        Assert.Equal([0x93, SyncMessageNumber.Packed], packed[..2]);
        Assert.Equal(0, BlockOf(packed).Length % SyncLimits.PackedBlockBytes);
        Assert.True(packed.Length < Encode(runs).Length / 2);
        Assert.Equal(Encode(runs), Encode(SyncMessageCodec.Read(packed)));
    }

    [Fact]
    public void Short_or_random_runs_go_as_they_are()
    {
        var shortRuns = new SyncMessage.Runs([Run(Compressible(1, 16_000))]);
        var randomRuns = new SyncMessage.Runs([Run(new Chance(1).Bytes(200_000))]);

        Assert.Equal(Encode(shortRuns), Encode(shortRuns, isPacked: true));
        Assert.Equal(Encode(randomRuns), Encode(randomRuns, isPacked: true));
    }

    [Fact]
    public void Even_zeros_are_packed_within_the_ratio()
    {
        var runs = new SyncMessage.Runs([Run(new byte[1_000_000])]);

        var packed = Encode(runs, isPacked: true);

        Assert.InRange(packed.Length, 1_000_000 / SyncLimits.PackedRatioMax, (1_000_000 / SyncLimits.PackedRatioMax) + 512);
        Assert.Equal(Encode(runs), Encode(SyncMessageCodec.Read(packed)));
    }

    [Fact]
    public void A_block_that_breaks_a_rule_is_refused()
    {
        var plain = Encode(new SyncMessage.Runs([Run(Compressible(1, 100_000))]));
        var block = BlockOf(Encode(new SyncMessage.Runs([Run(Compressible(1, 100_000))]), isPacked: true));
        Assert.Equal(plain, Encode(SyncMessageCodec.Read(Packed(plain.Length, block))));

        AssertRefused(Packed(plain.Length + 1, block), "does not hold");
        AssertRefused(Packed(plain.Length - 1, block), "does not hold");
        AssertRefused(Packed(plain.Length, block[..256]), "at most 64 times");
        AssertRefused(Packed(plain.Length, block[..^256]), "");
        AssertRefused(Packed(plain.Length, [.. block, .. new byte[256]]), "filled up");
        AssertRefused(Packed(plain.Length, block[..^1]), "");
        AssertRefused(Packed(plain.Length, [.. block[..^1], 1]), "filled up");
        AssertRefused(Packed(SyncLimits.BodyBytesMax + 1, block), "above 2097152");
        AssertRefused(Packed(100, Filled(Brotli(new byte[100]))), "go as they are");
    }

    [Fact]
    public void A_bomb_is_refused_before_it_grows()
    {
        var bomb = Filled(Brotli(new byte[64 * 1024 * 1024]));
        var before = GC.GetAllocatedBytesForCurrentThread();

        AssertRefused(Packed(bomb.Length * SyncLimits.PackedRatioMax, bomb), "does not hold");
        AssertRefused(Packed(SyncLimits.BodyBytesMax, bomb), "");

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * SyncLimits.BodyBytesMax);
    }

    [Fact]
    public void Only_runs_may_be_packed()
    {
        var inner = Encode(new SyncMessage.Runs([Run([.. new Chance(2).Bytes(60_000).Select(static b => (byte)(b & 0xf))])]), isPacked: true);
        Assert.True(inner.Length >= SyncLimits.PackedSizeMin && inner[1] == SyncMessageNumber.Packed);
        var twice = Packed(inner.Length, FilledFor(inner.Length, Brotli(inner)));
        var have = Encode(new SyncMessage.Have([.. Enumerable.Range(1, 2000).Select(static i => new Position(new((UInt128)i), 1, new(1)))], false));

        AssertRefused(twice, "message 64 is packed");
        AssertRefused(Packed(have.Length, FilledFor(have.Length, Brotli(have))), "message 33 is packed");
    }

    private static void AssertCanonicalOrRefused(byte[] bytes)
    {
        SyncMessage read;
        try
        {
            read = SyncMessageCodec.Read(bytes);
        }
        catch (EncodingException)
        {
            return;
        }

        if (read is not SyncMessage.Ignored && bytes[1] != SyncMessageNumber.Packed)
        {
            Assert.Equal(bytes, Encode(read));
        }
    }

    private static SyncMessage[] Messages() =>
    [
        new SyncMessage.Digest(new(1, 2)), new SyncMessage.Have([s_first, s_second], true),
        new SyncMessage.Trace(s_first.Log, [s_first, new(s_first.Log, 0, default)]),
        new SyncMessage.Runs([Run("ab"u8.ToArray(), "c"u8.ToArray()), Run(new byte[300])]), new SyncMessage.Ack([s_first]),
        new SyncMessage.Hold(s_first, RunVerdict.ClockAhead, 1_700_000_000_000), new SyncMessage.Reject(s_first, RunVerdict.NotAWriter),
        new SyncMessage.Want([s_empty]), new SyncMessage.Presence("here"u8.ToArray(), TimeSpan.FromSeconds(5)),
        new SyncMessage.Prune(), new SyncMessage.Graft([s_first]),
    ];

    private static SyncMessage Named(string name) => Messages().Single(message => message.GetType().Name == name);

    private static SignedRun Run(params byte[][] changes) => new(
        s_first.Log, s_first.Seq, s_first.Head, [.. changes.Select(static change => new ReadOnlyMemory<byte>(change))],
        new(Enumerable.Repeat((byte)0x5a, SignatureBytes.Size).ToArray()));

    private static byte[] Compressible(int seed, int length)
    {
        var words = new Chance((ulong)seed).Bytes(200);
        return [.. Enumerable.Range(0, length).Select(i => words[(i * 7 % 50) + (i / 400 % 150)])];
    }

    private static byte[] Encode(SyncMessage message, bool isPacked = false)
    {
        var bytes = new ArrayBufferWriter<byte>();
        SyncMessageCodec.Write(bytes, message, isPacked);
        return bytes.WrittenSpan.ToArray();
    }

    private static void Verify(string name, SyncMessage message, params (int, string)[] fields)
    {
        var bytes = Encode(message);
        GoldenFile.Verify(name, bytes, fields);
        Assert.Equal(bytes, Encode(SyncMessageCodec.Read(bytes)));
    }

    private static void AssertRefused(byte[] bytes, string text) =>
        Assert.Contains(text, Assert.Throws<EncodingException>(() => SyncMessageCodec.Read(bytes)).Message, StringComparison.Ordinal);

    private delegate void Writing(MessagePackWriter writer);

    private static byte[] Raw(Writing write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        write(new(bytes));
        return bytes.WrittenSpan.ToArray();
    }

    private static byte[] Packed(int size, byte[] block) => Raw(writer =>
    {
        writer.WriteArrayHeader(3);
        writer.Write((long)SyncMessageNumber.Packed);
        writer.Write((long)size);
        writer.Write(block);
    });

    private static byte[] BlockOf(byte[] packed)
    {
        var reader = new MessagePackReader(packed);
        reader.ReadArrayHeaderExactly(3);
        _ = reader.ReadInt32(64);
        _ = reader.ReadInt32(int.MaxValue);
        return reader.ReadBinary(int.MaxValue).ToArray();
    }

    private static byte[] Brotli(byte[] plain)
    {
        var stream = new byte[BrotliEncoder.GetMaxCompressedLength(plain.Length)];
        Assert.True(BrotliEncoder.TryCompress(plain, stream, out var length, 1, 22));
        return stream[..length];
    }

    private static byte[] Filled(byte[] stream) => FilledFor(0, stream);

    private static byte[] FilledFor(int size, byte[] stream)
    {
        var length = Math.Max(stream.Length, (size + 63) / 64);
        return [.. stream, .. new byte[((length + 255) / 256 * 256) - stream.Length]];
    }
}
