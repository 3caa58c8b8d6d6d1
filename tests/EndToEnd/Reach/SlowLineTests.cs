using System.Diagnostics;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Reach;

/// <summary>Two peers a third of a second apart, as over a satellite.</summary>
public sealed class SlowLineTests
{
    private static readonly TimeSpan s_delay = TimeSpan.FromMilliseconds(300);
    private const int Nodes = 2_000;

    [Fact]
    public async Task A_long_line_delays_a_sync_by_a_few_round_trips_and_not_by_one_for_each_change()
    {
        using var home = await TemporaryHome.CreateAsync();
        using var joiner = new TemporaryHome();
        var lines = string.Concat(Enumerable.Range(0, Nodes).Select(static i => $$"""{"node":"n{{i}}","fields":{"v":{{i}} } }""" + "\n"));
        _ = await home.DoAsync("import", home.Write("nodes.jsonl", lines));
        // The ticket is made while nothing listens: it names no way but the long one.
        await using var line = new SlowLine(s_delay);
        _ = await joiner.DoAsync("join", "--ticket-file", joiner.Write("ticket.txt", await home.DoAsync("invite", "--hint", line.Address)));
        await using var daemon = await Daemon.StartAsync(home, "--listen", "tcp://127.0.0.1:0");
        line.Target = new Uri(daemon.Listening[0]).Port;
        var clock = Stopwatch.StartNew();
        await using var other = await Daemon.StartAsync(joiner, "--connect", line.Address);

        await Eventually.HoldsAsync(joiner, $"n{Nodes - 1}", $"{Nodes - 1}");
        var took = clock.Elapsed;
        _ = await joiner.DoAsync("put", "back", "v=1");
        await Eventually.HoldsAsync(home, "back", "1");

        Assert.Equal(await home.DoAsync("state"), await joiner.DoAsync("state"));
        // Handshake, hello, join, open and have each wait for an answer: it can't have gone past the line.
        Assert.True(took > 6 * s_delay, $"It took {took}.");
    }
}
