using Replica.Peer.Sync;
using Xunit;

namespace Replica.Tests.Properties.Sync.Channels;

/// <summary>How channels open and end.</summary>
public sealed class ChannelEndTests
{
    [Fact]
    public void What_was_queued_before_the_end_arrives_and_then_both_sides_are_done()
    {
        var (a, b) = Side.Pair();
        var channel = a.Channels.Open();
        a.Channels.Send(channel, [1, 2]);

        a.Channels.Close(channel);
        Assert.False(a.Channels.Send(channel, [3]));
        a.Exchange(b);

        Assert.Equal([1, 2], Assert.Single(b.Messages).Body);
        Assert.Equal([channel], b.Closed);
        Assert.Equal([channel], a.Closed);
        Assert.False(a.Channels.Send(channel, [1]));
        Assert.False(b.Channels.Send(channel, [1]));
    }

    [Fact]
    public void Who_is_told_of_an_end_drops_what_it_had_not_sent_even_inside_a_message()
    {
        var (a, b) = Side.Pair();
        var channel = a.Channels.Open();
        a.Channels.Send(channel, [1]);
        a.Exchange(b);
        b.Channels.Send(channel, new byte[ChannelLimits.MessageBytesMax]);
        b.SendOneTo(a);

        a.Channels.Close(channel);
        a.SendOneTo(b);
        var answer = b.Take();
        a.On(answer);

        Assert.Equal([(byte)channel, 0], answer);
        Assert.Empty(a.Messages);
        Assert.Equal([channel], a.Closed);
        Assert.Equal(0, b.Channels.BufferedBytes + a.Channels.BufferedBytes);
    }

    [Fact]
    public void Both_may_end_at_once()
    {
        var (a, b) = Side.Pair();
        var channel = a.Channels.Open();
        a.Channels.Send(channel, [1]);
        a.Exchange(b);
        a.Channels.Send(channel, [2]);
        b.Channels.Send(channel, [3]);

        a.Channels.Close(channel);
        b.Channels.Close(channel);
        a.Exchange(b);

        Assert.Equal([channel], a.Closed);
        Assert.Equal([channel], b.Closed);
    }

    [Fact]
    public void A_channel_that_was_never_used_can_end()
    {
        var (a, b) = Side.Pair();
        a.Channels.Close(a.Channels.Open());

        a.Exchange(b);

        Assert.Equal([2], b.Opened);
        Assert.Equal([2], b.Closed);
        Assert.Equal([2], a.Closed);
    }

    [Fact]
    public void An_owner_may_end_a_channel_while_it_is_given_a_message()
    {
        var (a, b) = Side.Pair();
        b.Then = (channel, _) => b.Channels.Close(channel);
        var channel = a.Channels.Open();
        a.Channels.Send(channel, new byte[50_000]);
        a.Channels.Send(channel, [2]);

        a.Exchange(b);

        Assert.Single(b.Messages);
        Assert.Equal([channel], a.Closed);
    }

    [Fact]
    public void The_initiator_opens_even_numbers_and_the_responder_odd_ones()
    {
        var (a, b) = Side.Pair();

        Assert.Equal([2, 4, 6], Enumerable.Range(0, 3).Select(_ => a.Channels.Open()));
        Assert.Equal([1, 3, 5], Enumerable.Range(0, 3).Select(_ => b.Channels.Open()));
    }

    [Fact]
    public void A_number_opens_the_lower_ones_of_its_side()
    {
        var (a, b) = Side.Pair();
        var (first, second) = (a.Channels.Open(), a.Channels.Open());

        a.Channels.Send(second, [2]);
        a.Exchange(b);
        a.Channels.Send(first, [1]);
        a.Exchange(b);

        Assert.Equal([first, second], b.Opened);
        Assert.Equal([second, first], b.Messages.Select(m => m.Channel));
    }

    [Fact]
    public void A_thousand_and_twenty_four_channels_may_be_opened_one_after_the_other_and_no_more()
    {
        var (a, b) = Side.Pair();
        var opened = 0;

        while (a.Channels.CanOpen)
        {
            a.Channels.Close(a.Channels.Open());
            a.Exchange(b);
            opened++;
        }

        Assert.Equal(1024, opened);
        Assert.Equal(1024, b.Closed.Distinct().Count());
        Assert.Throws<InvalidOperationException>(() => a.Channels.Open());
    }

    [Fact]
    public void Two_hundred_and_fifty_six_may_be_open_at_once_and_an_end_makes_room()
    {
        var (a, b) = Side.Pair();
        var channels = new List<int>();
        while (a.Channels.CanOpen)
        {
            channels.Add(a.Channels.Open());
        }

        Assert.Equal(256, channels.Count);
        a.Channels.Close(channels[10]);
        a.Exchange(b);

        Assert.True(a.Channels.CanOpen);
        a.Channels.Send(a.Channels.Open(), [1]);
        a.Exchange(b);
        Assert.Single(b.Messages);
    }

    [Fact]
    public void A_channel_that_was_never_opened_is_the_callers_fault()
    {
        var a = new Side(true);

        Assert.Throws<ArgumentOutOfRangeException>(() => a.Channels.Send(2, [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => a.Channels.Close(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => a.Channels.Consumed(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => a.Channels.Send(a.Channels.Open(), []));
        Assert.Throws<ArgumentOutOfRangeException>(() => a.Channels.Consumed(2, 1));
        Assert.Throws<ArgumentException>(() => a.Channels.SendControl(new ControlMessage.Credit(2, 100_000)));
    }
}
