using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Reach;

/// <summary><c>replica relay</c> and daemons that know each other through it alone.</summary>
public sealed class RelayTests
{
    [Fact]
    public async Task A_ticket_leads_through_the_relay_and_both_sides_follow_each_other()
    {
        await using var relay = await RelayProcess.StartAsync("--open");
        using var a = await TemporaryHome.CreateAsync();
        using var b = new TemporaryHome();
        await a.DoAsync("put", "page/home", "title=one");
        await using var first = await Daemon.StartAsync(a, "--relay", relay.Url);
        var ticket = (await a.DoAsync("invite")).Trim();
        await b.DoAsync("join", ticket);

        await using var second = await Daemon.StartAsync(b, "--relay", relay.Url);
        await Eventually.HoldsAsync(b, "page/home", "one");
        await b.DoAsync("put", "page/home", "title=two");
        await Eventually.HoldsAsync(a, "page/home", "two");

        Assert.Contains("relay+ws://", await b.DoAsync("status"));
        var (_, metrics) = await relay.GetAsync("/metrics");
        Assert.Contains("replica_relay_tunnels 1\n", metrics);
        Assert.Equal((200, "ok\n"), await relay.GetAsync("/health"));
        Assert.Equal(0, await relay.StopAsync());
    }

    [Fact]
    public async Task F20_peers_come_back_when_the_relay_does()
    {
        var relay = await RelayProcess.StartAsync("--open");
        var port = relay.Url.Split(':')[^1];
        using var a = await TemporaryHome.CreateAsync();
        using var b = new TemporaryHome();
        await using var first = await Daemon.StartAsync(a, "--relay", relay.Url);
        await b.DoAsync("join", (await a.DoAsync("invite")).Trim());
        await using var second = await Daemon.StartAsync(b, "--relay", relay.Url);
        await a.DoAsync("put", "n", "x=1");
        await Eventually.HoldsAsync(b, "n", "1");

        await relay.DisposeAsync();
        await a.DoAsync("put", "n", "x=2");
        await using var again = await RelayProcess.StartAsync("--open", "--listen", "ws://127.0.0.1:" + port);

        await Eventually.HoldsAsync(b, "n", "2");
    }

    [Fact]
    public async Task A_relay_starts_only_when_it_is_said_who_may_use_it()
    {
        var outcome = await ReplicaProcess.RunAsync(["relay", "--listen", "ws://127.0.0.1:0", "--name", "127.0.0.1"]);

        Assert.Equal(2, outcome.Code);
        Assert.Contains("--open", outcome.Error);
    }

    [Fact]
    public async Task A_token_keeps_out_who_lacks_it()
    {
        await using var relay = await RelayProcess.StartAsync("--token", "right");
        using var a = await TemporaryHome.CreateAsync();
        using var b = new TemporaryHome();
        await using var first = await Daemon.StartAsync(a, "--relay", relay.Url, "--relay-token", "right");
        await b.DoAsync("join", (await a.DoAsync("invite")).Trim());

        await using (await Daemon.StartAsync(b, "--relay", relay.Url, "--relay-token", "wrong"))
        {
            await Eventually.SaysAsync(() => b.DoAsync("status"), "wants a token");
        }

        await using var second = await Daemon.StartAsync(b, "--relay", relay.Url, "--relay-token", "right");
        await a.DoAsync("put", "n", "x=1");
        await Eventually.HoldsAsync(b, "n", "1");
    }
}
