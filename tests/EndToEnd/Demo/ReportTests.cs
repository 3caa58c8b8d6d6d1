using Replica.PeerCli.Demo.Contests;
using Replica.PeerCli.Demo.Peers;
using Replica.PeerCli.Demo.Reports;
using Xunit;

namespace Replica.Tests.EndToEnd.Demo;

public sealed class ReportTests
{
    [Fact]
    public void Equal_states_and_kept_promises_are_no_fault()
    {
        var report = Report("aa", found: 5, holds: true);

        Assert.Null(report.Fault);
        Assert.Contains("EQUAL: all 3 peers show the same graph, byte for byte", ReportText.Lines(report));
    }

    [Fact]
    public void A_state_that_differs_is_said_first()
    {
        var report = Report("bb", found: 4, holds: false);

        Assert.StartsWith("The canonical states of the three peers differ: peer 1 aa, peer 2 bb", report.Fault);
        Assert.Contains(ReportText.Lines(report), static line => line.StartsWith("DIFFERENT", StringComparison.Ordinal));
    }

    [Fact]
    public void A_lost_acknowledged_write_is_a_fault_though_all_are_equal() =>
        Assert.Equal("1 of 5 acknowledged writes were lost when peer 3 was killed.", Report("aa", found: 4, holds: true).Fault);

    [Fact]
    public void An_outcome_against_the_rules_is_a_fault_though_all_are_equal() =>
        Assert.Contains("not on what the merge rules promise: delete against edit: the node is gone", Report("aa", found: 5, holds: false).Fault);

    [Fact]
    public void What_came_from_the_data_moves_no_cursor() =>
        Assert.DoesNotContain(ReportText.Lines(Report("aa", 5, true) with { Source = "evil\u001b[2J" }), static line => line.Contains('\u001b'));

    [Fact]
    public void A_wire_meter_adds_up_connections_that_begin_again()
    {
        var meter = new WireMeter();

        meter.Take([new("a", true, 100), new("b", true, 10)]);
        meter.Take([new("a", true, 30), new("b", true, 15)]);
        meter.Take([new("b", true, 20)]);

        Assert.Equal(100 + 30 + 20, meter.BytesOut);
    }

    [Theory]
    [InlineData("2026-01-01T00:00:00.001Z+9", "2026-01-01T00:00:00.002Z+0")]
    [InlineData("2026-01-01T00:00:00.001Z+9", "2026-01-01T00:00:00.001Z+10")]
    public void Stamps_order_by_time_then_by_counter(string earlier, string later) =>
        Assert.True(WriteStamp.Parse(earlier).CompareTo(WriteStamp.Parse(later)) < 0);

    private static DemoReport Report(string second, int found, bool holds)
    {
        var peers = new[] { "aa", second, "aa" }.Index().Select(static peer =>
            new PeerReport($"peer {peer.Index + 1}", new StateDigest(peer.Item, 7), 1, 2, 3, 4, 5, 6, "home")).ToArray();
        var contest = new ContestReport(
            new Contest("delete against edit", [], static (_, _) => throw new InvalidOperationException()),
            new Ruling("the node is gone", "nobody", "", "it stays", holds));
        return new("a graph", 3, 0, 3, peers, [contest], new CrashReport("peer 3", 5, found, 1, 0), [], 60, 6, TimeSpan.FromSeconds(1), null);
    }
}
