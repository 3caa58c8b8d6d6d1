using System.Globalization;
using System.Text;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Sync;

/// <summary>Daemons over loopback sockets: a kill in the middle of a transfer, and ten of them at once.</summary>
public sealed class RealSocketTests
{
    private const int Many = 20_000;
    private const int Ten = 10;

    [Fact]
    public async Task A_receiver_killed_in_mid_transfer_goes_on_where_it_was()
    {
        using var home = await TemporaryHome.CreateAsync();
        using var other = new TemporaryHome();
        _ = await home.DoAsync("import", home.Write("many.jsonl", Lines()));
        var ticket = (await home.DoAsync("invite")).Trim();
        await using var first = await Daemon.StartAsync(home, "--listen", "tcp://127.0.0.1:0");
        _ = await other.DoAsync("join", ticket);
        var kills = 0;
        for (var isWhole = false; !isWhole;)
        {
            await using var second = await Daemon.StartAsync(other, "--connect", first.Listening[0]);
            if (kills == 2)
            {
                break;
            }

            _ = await Eventually.TrueAsync(() => other.DoAsync("status"), static text => !text.Contains(" 0 nodes", StringComparison.Ordinal)
                && !text.Contains("waits for a member", StringComparison.Ordinal));
            _ = await second.StopAsync("KILL");
            kills++;
            isWhole = (await other.DoAsync("status")).Contains($" {Many} nodes", StringComparison.Ordinal);
        }

        await using var last = await Daemon.StartAsync(other, "--connect", first.Listening[0]);
        _ = await Eventually.TrueAsync(() => other.DoAsync("status", "--json"), static text => text.Contains("\"inSync\":true", StringComparison.Ordinal));

        Assert.True(kills > 0);
        Assert.Equal(await home.DoAsync("state", "--canonical"), await other.DoAsync("state", "--canonical"));
    }

    [Fact]
    public async Task Ten_daemons_in_a_line_with_two_rings_come_level()
    {
        var homes = new List<TemporaryHome> { await TemporaryHome.CreateAsync() };
        var daemons = new List<Daemon>();
        try
        {
            var ticket = (await homes[0].DoAsync("invite", "--uses", "20")).Trim();
            daemons.Add(await Daemon.StartAsync(homes[0], "--listen", "tcp://127.0.0.1:0"));
            for (var i = 1; i < Ten; i++)
            {
                homes.Add(new TemporaryHome());
                _ = await homes[i].DoAsync("join", ticket);
                string[] more = i % 4 == 0 ? ["--connect", daemons[i / 2].Listening[0]] : [];
                daemons.Add(await Daemon.StartAsync(
                    homes[i], ["--listen", "tcp://127.0.0.1:0", "--connect", daemons[i - 1].Listening[0], .. more]));
                if (i == 1)
                {
                    // The invitation must reach whoever lets the next one in.
                    _ = await SyncedAsync(homes[1]);
                }
            }

            _ = await SyncedAsync(homes[Ten - 1]);
            _ = await homes[0].DoAsync("put", "from-first", "x=1");
            _ = await homes[Ten - 1].DoAsync("put", "from-last", "x=2");

            foreach (var home in homes)
            {
                _ = await Eventually.TrueAsync(() => home.DoAsync("ls"), static text => text.Split('\n').Length == 3);
            }
        }
        finally
        {
            foreach (var daemon in daemons)
            {
                await daemon.DisposeAsync();
            }

            homes.ForEach(static home => home.Dispose());
        }
    }

    private static Task<string> SyncedAsync(TemporaryHome home) =>
        Eventually.TrueAsync(() => home.DoAsync("status", "--json"), static text => text.Contains("\"inSync\":true", StringComparison.Ordinal));

    private static string Lines()
    {
        var lines = new StringBuilder();
        for (var i = 0; i < Many; i++)
        {
            _ = lines.Append(CultureInfo.InvariantCulture, $"{{\"node\":\"n{i}\",\"type\":\"t\",\"fields\":{{\"a\":{i},\"b\":\"text {i * 7}\"}}}}\n");
        }

        return lines.ToString();
    }
}
