using System.Buffers;
using Replica.Crdt.Encoding;
using Replica.Peer.Sync;
using Replica.Tests.Properties.Golden;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Sync.Channels;

/// <summary>Control messages: the bytes on record, and what is refused.</summary>
public sealed class ControlMessageTests(ITestOutputHelper output)
{
    private static readonly ControlMessage.Hello Hello = new(
        1, 2, 3, new InstanceId(new UInt128(0x0102030405060708, 0x090a0b0c0d0e0f10)), 1_700_000_000_000);

    public static TheoryData<int> All => [.. Enumerable.Range(0, Messages.Length)];

    private static ControlMessage[] Messages =>
    [
        Hello, new ControlMessage.Ping(7), new ControlMessage.Pong(ulong.MaxValue), new ControlMessage.Credit(258, 1024 * 1024),
        new ControlMessage.GoAway(GoAwayReason.Duplicate, "the other one stays"), new ControlMessage.Agent("replica 0.1.0 ö"),
    ];

    [Fact]
    public void A_hello_has_the_bytes_on_record() => GoldenFile.Verify(
        "control-hello", Bytes(Hello),
        (1, "array of 6"), (1, "0: hello"), (1, "oldest version: 1"), (1, "newest version: 2"), (1, "features: bits 0 and 1"),
        (2, "binary of 16"), (16, "instance"), (9, "wall clock: 1,700,000,000,000 ms since 1970"));

    [Fact]
    public void A_ping_has_the_bytes_on_record() => GoldenFile.Verify(
        "control-ping", Bytes(Messages[1]), (1, "array of 2"), (1, "1: ping"), (1, "number: 7"));

    [Fact]
    public void A_pong_has_the_bytes_on_record() => GoldenFile.Verify(
        "control-pong", Bytes(Messages[2]), (1, "array of 2"), (1, "2: pong"), (9, "number: 2^64 - 1"));

    [Fact]
    public void A_credit_has_the_bytes_on_record() => GoldenFile.Verify(
        "control-credit", Bytes(Messages[3]), (1, "array of 3"), (1, "3: credit"), (3, "channel: 258"), (5, "bytes: 1,048,576"));

    [Fact]
    public void A_goaway_has_the_bytes_on_record() => GoldenFile.Verify(
        "control-goaway", Bytes(Messages[4]),
        (1, "array of 3"), (1, "4: goaway"), (1, "reason: 3, duplicate"), (1, "text of 19"), (19, "\"the other one stays\""));

    [Fact]
    public void An_agent_has_the_bytes_on_record() => GoldenFile.Verify(
        "control-agent", Bytes(Messages[5]), (1, "array of 2"), (1, "5: agent"), (1, "text of 16"), (16, "\"replica 0.1.0 ö\""));

    [Fact]
    public void Units_have_the_bytes_on_record()
    {
        var (a, b) = Side.Pair();
        a.Channels.SendControl(Messages[1]);
        var channel = a.Channels.Open();
        a.Channels.Send(channel, "abc"u8);
        a.Channels.Send(channel, "de"u8);
        a.Channels.Close(channel);

        var plaintext = a.Take();
        b.On(plaintext);

        Assert.Equal([channel], b.Closed);
        GoldenFile.Verify("channel-units", plaintext,
            (1, "channel 0: control"), (1, "unit of 4"), (1, "message of 3"), (3, "ping(7)"),
            (1, "channel 2: the initiator's first"), (1, "unit of 7"),
            (1, "message of 3"), (3, "\"abc\""), (1, "message of 2"), (2, "\"de\""),
            (1, "channel 2"), (1, "unit of 0: the end of this direction"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_message_is_read_as_it_was_written(int index) => Assert.Equal(Messages[index], ControlMessageCodec.Read(Bytes(Messages[index])));

    [Theory]
    [MemberData(nameof(All))]
    public void A_message_cut_at_any_byte_or_followed_by_one_is_refused(int index)
    {
        var bytes = Bytes(Messages[index]);

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<EncodingException>(() => ControlMessageCodec.Read(bytes.AsSpan(0, length)));
        }

        Assert.Throws<EncodingException>(() => ControlMessageCodec.Read([.. bytes, 0]));
    }

    [Fact]
    public void A_damaged_message_is_refused_or_is_another_message_in_canonical_form()
    {
        foreach (var seed in Chance.Seeds(1000))
        {
            var chance = new Chance(seed);
            var bytes = Bytes(Messages[chance.Below(Messages.Length)]);
            bytes[chance.Below(bytes.Length)] ^= (byte)(1 << chance.Below(8));
            try
            {
                if (ControlMessageCodec.Read(bytes) is { } message)
                {
                    Assert.Equal(bytes, Bytes(message));
                }
            }
            catch (EncodingException)
            {
                // Refused: what was due.
            }
            catch (Exception)
            {
                output.WriteLine($"Seed {seed}; replay with REPLICA_SEED={seed}.");
                throw;
            }
        }
    }

    [Theory]
    [InlineData("96000001 03 c41000000000000000000000000000000000 00", "version 0")]
    [InlineData("96000201 03 c41000000000000000000000000000000000 00", "newest version below the oldest")]
    [InlineData("96000102 03 c40f000000000000000000000000000000 00", "instance of 15 bytes")]
    [InlineData("96000102 03 c41000000000000000000000000000000000 cf0001000000000000", "clock of 2^48")]
    [InlineData("930300ce00100000", "credit for channel 0")]
    [InlineData("930302cdffff", "credit of less than 64 KiB")]
    [InlineData("930302ce01000001", "credit of more than 16 MiB")]
    [InlineData("930400a107", "goaway with a control character")]
    [InlineData("9304ce00010000a161", "goaway with a reason above 65,535")]
    [InlineData("9105", "agent without text")]
    [InlineData("9206 00", "number 6")]
    [InlineData("927f 00", "number 127")]
    [InlineData("90", "no number")]
    [InlineData("9200 00", "hello with one argument")]
    public void A_value_that_is_not_allowed_is_refused(string hex, string what)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

        var refusal = Record.Exception(() => ControlMessageCodec.Read(bytes));

        Assert.True(refusal is EncodingException, what);
    }

    [Fact]
    public void A_message_of_a_newer_version_is_skipped() => Assert.Null(ControlMessageCodec.Read([0x92, 0xcc, 0x80, 0xc0]));

    [Fact]
    public void Text_is_cut_and_cleaned_before_it_is_sent()
    {
        var sent = new ControlMessage.GoAway(GoAwayReason.Fault, "a\r\nb\u001b[31m\ud800" + new string('ö', 300));

        var read = Assert.IsType<ControlMessage.GoAway>(ControlMessageCodec.Read(Bytes(sent)));

        Assert.StartsWith("a  b [31m\ufffdöö", read.Text, StringComparison.Ordinal);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(read.Text), 255, 256);
    }

    private static byte[] Bytes(ControlMessage message)
    {
        var output = new ArrayBufferWriter<byte>();
        ControlMessageCodec.Write(output, message);
        return output.WrittenSpan.ToArray();
    }
}
