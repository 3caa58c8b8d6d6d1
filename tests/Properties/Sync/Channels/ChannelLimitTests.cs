using System.Buffers;
using Replica.Peer.Sync;
using Xunit;

namespace Replica.Tests.Properties.Sync.Channels;

/// <summary>Each rule that the other side breaks is named, and ends the session.</summary>
public sealed class ChannelLimitTests
{
    public static TheoryData<string, byte[], int> BrokenPlaintexts => new()
    {
        { "no bytes", [], (int)ChannelFault.PlaintextLength },
        { "too many bytes", new byte[ChannelLimits.PlaintextBytesMax + 1], (int)ChannelFault.PlaintextLength },
        { "a channel number with a shorter form", [0x82, 0x00, 1, 1], (int)ChannelFault.Number },
        { "a channel number of more than 32 bits", [0xff, 0xff, 0xff, 0xff, 0x1f, 1, 1], (int)ChannelFault.Number },
        { "a unit length with a shorter form", [2, 0x81, 0x00, 1], (int)ChannelFault.Number },
        { "a message length with a shorter form", [2, 3, 0x81, 0x00, 1], (int)ChannelFault.Number },
        { "a cut channel number", [0x82], (int)ChannelFault.UnitCut },
        { "a cut unit length", [2, 0x81], (int)ChannelFault.UnitCut },
        { "no unit length", [2], (int)ChannelFault.UnitCut },
        { "a cut unit", [2, 3, 1, 1], (int)ChannelFault.UnitCut },
        { "a unit of 16,385 bytes", [2, 0x81, 0x80, 0x01, .. new byte[16_385]], (int)ChannelFault.UnitTooLong },
        { "a channel of this side", [1, 2, 1, 1], (int)ChannelFault.ChannelNotOpened },
        { "257 channels at once", [0x82, 0x04, 2, 1, 1], (int)ChannelFault.ChannelsAtOnce },
        { "the 1,025th opening", [0x82, 0x10, 2, 1, 1], (int)ChannelFault.Openings },
        { "the greatest number", [0xfe, 0xff, 0xff, 0xff, 0x0f, 2, 1, 1], (int)ChannelFault.Openings },
        { "bytes after the end", [2, 0, 2, 2, 1, 1], (int)ChannelFault.AfterEnd },
        { "a second end", [2, 0, 2, 0], (int)ChannelFault.AfterEnd },
        { "an end of channel 0", [0, 0], (int)ChannelFault.ControlEnded },
        { "a message of no bytes", [2, 1, 0], (int)ChannelFault.MessageLength },
        { "a message of 2 MiB and 1 byte", [2, 4, 0x81, 0x80, 0x80, 0x01], (int)ChannelFault.MessageLength },
        { "an end inside a message", [2, 2, 5, 1, 2, 0], (int)ChannelFault.MessageCut },
        { "an end inside a message length", [2, 1, 0x85, 2, 0], (int)ChannelFault.MessageCut },
        { "a control message of 1,025 bytes", [0, 2, 0x81, 0x08], (int)ChannelFault.MessageLength },
        { "a control message that is none", [0, 2, 1, 0xc1], (int)ChannelFault.ControlMalformed },
        { "an unknown control message", [0, 3, 2, 0x91, 0x06], (int)ChannelFault.ControlMalformed },
        { "credit for a channel that is not there", Control(new ControlMessage.Credit(1, 100_000)), (int)ChannelFault.ChannelNotOpened },
        { "credit for a channel not yet opened", Control(new ControlMessage.Credit(2, 100_000)), (int)ChannelFault.ChannelNotOpened },
    };

    [Theory]
    [MemberData(nameof(BrokenPlaintexts))]
    public void A_broken_rule_is_named(string what, byte[] plaintext, int fault)
    {
        var b = new Side(false);

        Assert.True((ChannelFault)fault == b.FaultOn(plaintext), what);
        Assert.Equal((ChannelFault)fault, b.FaultOn([2, 2, 1, 1]));
    }

    [Fact]
    public void Bytes_without_credit_are_refused()
    {
        var (a, b) = Side.Pair();
        var channel = a.Channels.Open();
        a.Channels.Send(channel, new byte[(ChannelLimits.CreditBytesFirst / 2) - 3]);
        a.Channels.Send(channel, new byte[(ChannelLimits.CreditBytesFirst / 2) - 3]);
        a.Exchange(b);

        Assert.Equal(2, b.Messages.Count);
        Assert.Equal(ChannelFault.CreditExceeded, b.FaultOn([2, 1, 1]));
    }

    [Fact]
    public void Credit_above_sixteen_megabytes_is_refused()
    {
        var (a, b) = Side.Pair();
        var channel = a.Channels.Open();
        a.Channels.Send(channel, [1]);
        a.Exchange(b);

        // The two bytes that were sent make room for themselves and no more; so little can't be granted alone.
        a.On(Control(new ControlMessage.Credit(channel, (12 * 1024 * 1024) - 65_536)));
        a.On(Control(new ControlMessage.Credit(channel, 65_536)));
        Assert.Equal(ChannelFault.CreditTooGreat, a.FaultOn(Control(new ControlMessage.Credit(channel, 65_536))));
    }

    [Fact]
    public void Credit_for_a_channel_that_was_closed_meanwhile_is_passed_over()
    {
        var (a, b) = Side.Pair();
        var channel = a.Channels.Open();
        a.Channels.Close(channel);
        a.Exchange(b);

        a.On(Control(new ControlMessage.Credit(channel, 100_000)));
    }

    [Fact]
    public void A_hundred_control_messages_a_second_pass_and_the_next_is_refused()
    {
        var b = new Side(false);
        var ping = Control(new ControlMessage.Ping(1));
        for (var i = 0; i < 100; i++)
        {
            b.On(ping, nowMilliseconds: 5_000);
        }

        b.On(ping, nowMilliseconds: 5_010);
        Assert.Equal(101, b.Control.Count);
        Assert.Equal(ChannelFault.ControlTooFast, b.FaultOn(ping, nowMilliseconds: 5_019));
    }

    [Fact]
    public void Messages_that_are_skipped_count_too()
    {
        var b = new Side(false);
        byte[] newer = [0, 4, 3, 0x91, 0xcc, 0x80];
        for (var i = 0; i < 100; i++)
        {
            b.On(newer);
        }

        Assert.Empty(b.Control);
        Assert.Equal(ChannelFault.ControlTooFast, b.FaultOn(newer));
    }

    [Fact]
    public void More_than_64_KiB_of_waiting_control_messages_end_the_session()
    {
        var a = new Side(true);
        for (var i = 0; i < 240; i++)
        {
            a.Channels.SendControl(new ControlMessage.Agent(new string('a', 256)));
        }

        var refused = Assert.Throws<ChannelException>(() => FillControl(a));

        Assert.Equal(ChannelFault.QueueFull, refused.Reason);
        Assert.InRange(a.Channels.QueuedBytes(0), 65_000, ChannelLimits.ControlQueueBytesMax);
    }

    [Fact]
    public void A_queue_that_the_other_side_never_takes_ends_the_session()
    {
        var a = new Side(true, new ChannelOptions { QueueBytesMax = 4 * 1024 * 1024 });
        var channel = a.Channels.Open();
        Assert.True(a.Channels.Send(channel, new byte[ChannelLimits.MessageBytesMax]));

        Assert.Equal(ChannelFault.QueueFull, Assert.Throws<ChannelException>(
            () => a.Channels.Send(channel, new byte[ChannelLimits.MessageBytesMax])).Reason);
    }

    [Fact]
    public void A_plaintext_and_its_units_keep_to_their_limits()
    {
        var a = new Side(true);
        a.Channels.Send(a.Channels.Open(), new byte[ChannelLimits.MessageBytesMax]);

        var plaintext = a.Take(100_000);

        Assert.InRange(plaintext.Length, ChannelLimits.PlaintextBytesMax - 64, ChannelLimits.PlaintextBytesMax);
        Assert.Equal([2, 0x80, 0x80, 0x01], plaintext[..4]);
    }

    private static void FillControl(Side side)
    {
        for (var i = 0; i < 10; i++)
        {
            side.Channels.SendControl(new ControlMessage.Agent(new string('a', 256)));
        }
    }

    private static byte[] Control(ControlMessage message)
    {
        var body = new ArrayBufferWriter<byte>();
        ControlMessageCodec.Write(body, message);
        return [0, (byte)(body.WrittenCount + 1), (byte)body.WrittenCount, .. body.WrittenSpan];
    }
}
