using Replica.Peer.Sync;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Sync.Channels;

/// <summary>What one side sends on a channel is what the other gets, in order, however it is cut and mixed.</summary>
public sealed class ChannelTransferTests(ITestOutputHelper output)
{
    [Fact]
    public void Each_channel_delivers_what_was_sent_on_it_however_plaintexts_are_cut_and_mixed()
    {
        foreach (var seed in Chance.Seeds(20))
        {
            output.WriteLine($"Seed {seed}; replay with REPLICA_SEED={seed}.");
            var chance = new Chance(seed);
            var (a, b) = Side.Pair();
            var sent = new Dictionary<(bool FromA, int Channel), List<byte[]>>();
            a.ConsumingAll();
            b.ConsumingAll();
            var channels = Enumerable.Range(0, 3).SelectMany(_ => new[] { a.Channels.Open(), b.Channels.Open() }).ToArray();
            a.Channels.SendControl(new ControlMessage.Ping(seed));

            for (var step = 0; step < 400; step++)
            {
                var fromA = chance.Below(2) == 0;
                var (side, other) = fromA ? (a, b) : (b, a);
                var channel = channels[chance.Below(channels.Length)];
                if (chance.Below(3) > 0)
                {
                    _ = side.SendOneTo(other, 1024 + chance.Below(1 << (7 + chance.Below(10))));
                }
                else if (channel % 2 == (fromA ? 0 : 1) || other.Channels.QueuedBytes(channel) == 0 && side.Opened.Contains(channel))
                {
                    var body = chance.Bytes(1 + chance.Below(1 << chance.Below(18)));
                    Assert.True(side.Channels.Send(channel, body));
                    sent.TryAdd((fromA, channel), []);
                    sent[(fromA, channel)].Add(body);
                }
            }

            a.Exchange(b);

            foreach (var ((fromA, channel), bodies) in sent)
            {
                Assert.Equal(bodies, (fromA ? b : a).Messages.Where(m => m.Channel == channel).Select(m => m.Body));
            }

            Assert.Equal(sent.Values.Sum(s => s.Count), a.Messages.Count + b.Messages.Count);
            Assert.Equal([new ControlMessage.Ping(seed)], b.Control);
            Assert.Equal(0, a.Channels.BufferedBytes + b.Channels.BufferedBytes);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16_380)]
    [InlineData(16_384)]
    [InlineData(65_519)]
    [InlineData(ChannelLimits.MessageBytesMax)]
    public void A_message_of_any_allowed_length_arrives_whole(int length)
    {
        var (a, b) = Side.Pair();
        var body = new Chance(7).Bytes(length);

        a.Channels.Send(a.Channels.Open(), body);
        a.Exchange(b);

        Assert.Equal([2], b.Opened);
        Assert.Equal(body, Assert.Single(b.Messages).Body);
    }

    [Fact]
    public void A_message_arrives_whole_however_its_bytes_are_cut_into_units()
    {
        var body = new Chance(8).Bytes(300);
        byte[] stream = [0xac, 0x02, .. body, 0x01, 0x63];
        for (var piece = 1; piece < stream.Length; piece++)
        {
            var b = new Side(false);
            foreach (var unit in stream.Chunk(piece))
            {
                var length = new byte[2];
                length = length[..Leb128.Write(length, (uint)unit.Length)];
                b.On([2, .. length, .. unit]);
            }

            Assert.Equal([body, [0x63]], b.Messages.Select(m => m.Body));
        }
    }

    [Fact]
    public void Message_lengths_are_granted_again_as_well()
    {
        var (a, b) = Side.Pair(new ChannelOptions { GrantBytes = ChannelLimits.CreditGrantBytesMin });
        b.ConsumingAll();
        var channel = a.Channels.Open();
        for (var i = 0; i < ChannelLimits.CreditGrantBytesMin / 2; i++)
        {
            a.Channels.Send(channel, [1]);
        }

        a.SendOneTo(b);
        Assert.False(b.Channels.HasOutput);
        a.SendOneTo(b);
        Assert.True(b.Channels.HasOutput);
    }

    [Fact]
    public void A_long_message_delays_a_short_one_on_another_channel_by_no_more_than_one_plaintext()
    {
        var (a, b) = Side.Pair();
        var (bulk, live) = (a.Channels.Open(), a.Channels.Open());
        a.Channels.Send(bulk, new byte[ChannelLimits.MessageBytesMax]);
        a.SendOneTo(b);

        a.Channels.Send(live, [1]);
        a.SendOneTo(b);

        Assert.Equal(live, Assert.Single(b.Messages).Channel);
    }

    [Fact]
    public void Channels_with_much_to_send_get_equal_shares()
    {
        var (a, _) = Side.Pair();
        int[] channels = [.. Enumerable.Range(0, 4).Select(_ => a.Channels.Open())];
        foreach (var channel in channels)
        {
            a.Channels.Send(channel, new byte[ChannelLimits.MessageBytesMax]);
        }

        for (var i = 0; i < 16; i++)
        {
            Assert.NotEmpty(a.Take());
        }

        var left = channels.Select(a.Channels.QueuedBytes).ToArray();
        Assert.True(left.Max() - left.Min() <= 2 * ChannelLimits.UnitBytesMax, string.Join(", ", left));
    }

    [Fact]
    public void Sending_stops_when_credit_is_used_up_and_goes_on_when_more_is_granted()
    {
        var (a, b) = Side.Pair();
        var channel = a.Channels.Open();
        for (var i = 0; i < 8; i++)
        {
            a.Channels.Send(channel, new byte[1024 * 1024]);
        }

        a.Exchange(b);
        var queued = a.Channels.QueuedBytes(channel);

        Assert.Equal((8 * (1024 * 1024 + 4 - 1)) - ChannelLimits.CreditBytesFirst, queued);
        Assert.False(a.Channels.HasOutput);

        // What is less than a lump is kept; the rest of a lump lets it go.
        b.Channels.Consumed(channel, 1024 * 1000);
        a.Exchange(b);
        Assert.Equal(queued, a.Channels.QueuedBytes(channel));
        b.Channels.Consumed(channel, 1024 * 24);
        a.Exchange(b);
        Assert.InRange(queued - a.Channels.QueuedBytes(channel), 1024 * 1024, (1024 * 1024) + 16);

        b.ConsumingAll();
        b.Channels.Consumed(channel, b.Messages.Sum(m => m.Body.Length) - (1024 * 1024));
        a.Exchange(b);
        Assert.Equal(8, b.Messages.Count);
    }

    [Fact]
    public void A_starved_channel_does_not_stop_another()
    {
        var (a, b) = Side.Pair();
        var (starved, other) = (a.Channels.Open(), a.Channels.Open());
        a.Channels.Send(starved, new byte[ChannelLimits.MessageBytesMax]);
        a.Channels.Send(starved, new byte[ChannelLimits.MessageBytesMax]);
        a.Exchange(b);
        Assert.NotEqual(0, a.Channels.QueuedBytes(starved));

        a.Channels.Send(other, [1]);
        a.Exchange(b);

        Assert.Equal(other, b.Messages[^1].Channel);
    }

    [Fact]
    public void A_wider_window_is_granted_once_the_channel_is_used()
    {
        var (a, b) = Side.Pair(new ChannelOptions { WindowBytes = ChannelLimits.CreditBytesMax });
        var channel = a.Channels.Open();
        a.Channels.Send(channel, [1]);
        a.Exchange(b);

        b.Channels.Consumed(channel, 1);
        a.Exchange(b);
        for (var i = 0; i < 7; i++)
        {
            a.Channels.Send(channel, new byte[ChannelLimits.MessageBytesMax]);
        }

        a.Exchange(b);
        Assert.Equal(0, a.Channels.QueuedBytes(channel));
    }

    [Fact]
    public void A_hundred_times_the_window_flows_through_in_credit_that_keeps_to_its_pace()
    {
        var (a, b) = Side.Pair();
        b.Then = (channel, bytes) =>
        {
            b.Channels.Consumed(channel, bytes);
            b.Messages.Clear();
        };
        var channel = a.Channels.Open();
        var body = new byte[256 * 1024];

        for (var i = 0; i < 1600; i++)
        {
            Assert.True(a.Channels.Send(channel, body));
            a.Exchange(b);
        }

        Assert.Equal(0, a.Channels.QueuedBytes(channel));
    }

    [Fact]
    public void The_memory_of_a_half_received_message_follows_what_came_and_not_what_was_announced()
    {
        var b = new Side(false);
        b.On([2, 5, 0x80, 0x80, 0x80, 0x01, 9]);

        Assert.Equal(1, b.Channels.BufferedBytes);
    }
}
