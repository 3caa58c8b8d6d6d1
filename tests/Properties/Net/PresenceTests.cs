using Replica.Peer.Net;
using Replica.Peer.Sync;
using Replica.Tests.Properties.Transport;
using Replica.Transport;
using Xunit;

namespace Replica.Tests.Properties.Net;

/// <summary>What devices say of themselves: for a while, ten times a second, in memory alone.</summary>
public sealed class PresenceTests
{
    private static readonly DeviceKey Peer = DeviceKey.FromBytes([.. Enumerable.Repeat((byte)7, 32)]);

    private readonly ManualTime _time = new();
    private readonly List<SyncMessage.Presence> _sent = [];

    [Fact]
    public void A_presence_shows_until_its_time_is_over()
    {
        var board = new PresenceBoard(_time);
        board.Take(Peer, "here"u8.ToArray(), TimeSpan.FromSeconds(5));

        Assert.Equal("here"u8.ToArray(), Assert.Single(board.List()).Content.ToArray());
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Empty(board.List());
    }

    [Fact]
    public void A_peer_is_told_at_most_ten_times_a_second_and_always_the_last()
    {
        var board = new PresenceBoard(_time);
        var channel = NewChannel(board);
        for (var i = 0; i < 1_000; i++)
        {
            board.SetOwn(new[] { (byte)(i % 251) }, TimeSpan.FromSeconds(9));
            _ = channel.Push();
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        _time.Advance(channel.Push() ?? TimeSpan.Zero);
        Assert.Null(channel.Push());
        Assert.InRange(_sent.Count, 9, 12);
        Assert.Equal(new[] { (byte)(999 % 251) }, _sent[^1].Content.ToArray());
    }

    [Fact]
    public void What_is_taken_back_or_over_is_told_once_and_not_to_newcomers()
    {
        var board = new PresenceBoard(_time);
        var channel = NewChannel(board);
        board.SetOwn("here"u8.ToArray(), TimeSpan.FromSeconds(5));
        _ = channel.Push();
        _time.Advance(TimeSpan.FromSeconds(1));
        board.SetOwn(default, TimeSpan.Zero);
        _ = channel.Push();
        _ = channel.Push();
        var newcomer = NewChannel(board);
        _ = newcomer.Push();

        Assert.Equal([TimeSpan.FromSeconds(5), TimeSpan.Zero], _sent.Select(static sent => sent.Ttl));
    }

    [Fact]
    public void Who_says_more_than_it_may_is_found_and_who_was_only_late_is_not()
    {
        var honest = NewChannel(new(_time));
        var hostile = NewChannel(new(_time));
        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.All(Enumerable.Range(0, 600), _ => Assert.True(honest.TryTake(Said())));
        Assert.Contains(false, Enumerable.Range(0, 1_300).Select(_ => hostile.TryTake(Said())));
    }

    [Fact]
    public void The_board_holds_a_thousand_devices_and_forgets_whose_time_ends_first()
    {
        var board = new PresenceBoard(_time);
        for (var i = 0; i < 2_000; i++)
        {
            board.Take(DeviceKey.FromBytes([.. BitConverter.GetBytes(i + 1), .. new byte[28]]), new byte[4], TimeSpan.FromSeconds(1 + (i % 50)));
        }

        Assert.Equal(1_024, board.List().Count);
    }

    private static SyncMessage.Presence Said() => new(new byte[8], TimeSpan.FromSeconds(1));

    private PresenceChannel NewChannel(PresenceBoard board) => new(board, Peer, _time, _sent.Add);
}
