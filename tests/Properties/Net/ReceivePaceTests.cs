using Replica.Peer.Host;
using Replica.Peer.Net;
using Replica.Tests.Properties.Transport;
using Xunit;

namespace Replica.Tests.Properties.Net;

/// <summary>How fast changes come, and how long the rest takes.</summary>
public sealed class ReceivePaceTests
{
    [Fact]
    public void The_pace_is_that_of_the_last_ten_seconds_and_nothing_once_nothing_came_for_so_long()
    {
        var (time, pace) = (new ManualTime(), new ReceivePace());
        Assert.Equal(0, pace.PerSecond(time));
        for (var second = 0; second < 60; second++)
        {
            // Ten times slower in the second half.
            pace.Add(second < 30 ? 1000 : 100, time);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(pace.PerSecond(time), 90, 120);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.InRange(pace.PerSecond(time), 30, 70);
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(0, pace.PerSecond(time));
    }

    [Fact]
    public void What_comes_at_once_is_not_taken_for_a_rate_of_millions()
    {
        var (time, pace) = (new ManualTime(), new ReceivePace());

        pace.Add(500, time);
        pace.Add(500, time);

        Assert.Equal(1000, pace.PerSecond(time));
    }

    [Theory]
    [InlineData(100, 0, 0, 0)]
    [InlineData(100, 40, 20, 2)]
    [InlineData(100, 40, 0, null)]
    [InlineData(long.MaxValue, long.MaxValue, 1, null)]
    public void The_time_that_is_left_is_told_where_it_can_be_known(long announced, long lacking, double perSecond, int? seconds)
    {
        var progress = SyncProgress.Of(announced, lacking, perSecond);

        Assert.Equal(seconds, progress.Left is { } left ? (int)left.TotalSeconds : null);
        Assert.Equal(lacking == 0, progress.IsComplete);
        Assert.Equal(announced - lacking, progress.Received);
    }
}
