using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Reach;

/// <summary>Real hosts in network namespaces: discovery, cuts, NAT, and ways that come and go.</summary>
public sealed class NamespaceTests
{
    private const string Anywhere = "tcp://0.0.0.0:0";

    [NamespaceFact]
    public async Task Three_hosts_find_each_other_by_a_ticket_without_an_address_and_heal_after_a_cut()
    {
        await using var lab = await NetworkLab.CreateAsync();
        await lab.AddSwitchAsync("lan");
        foreach (var (host, number) in new[] { ("a", 1), ("b", 2), ("c", 3) })
        {
            // No default route anywhere.
            await lab.AddHostAsync(host);
            await lab.PlugAsync(host, "eth0", $"10.9.0.{number}/24", "lan");
        }

        using var a = await TemporaryHome.CreateAsync();
        using var b = new TemporaryHome();
        using var c = new TemporaryHome();
        // Made while nobody listens: it names no address.
        var ticket = (await a.DoAsync("invite", "--uses", "2")).Trim();
        await b.DoAsync("join", ticket);
        await c.DoAsync("join", ticket);
        await using var first = await Daemon.StartBehindAsync(lab.Prefix("a"), a, "--listen", Anywhere);
        await using var second = await Daemon.StartBehindAsync(lab.Prefix("b"), b, "--listen", Anywhere);
        await using var third = await Daemon.StartBehindAsync(lab.Prefix("c"), c, "--listen", Anywhere);

        await a.DoAsync("put", "n", "x=1");
        await Eventually.HoldsAsync(b, "n", "1");
        await Eventually.HoldsAsync(c, "n", "1");
        await Eventually.SaysAsync(() => b.DoAsync("status"), "10.9.0.3");

        // c is cut off by a firewall; what is written meanwhile comes when it is back.
        await lab.DoAsync("c", "nft 'add table inet cut; add chain inet cut in { type filter hook input priority 0; policy drop; }'");
        await lab.DoAsync("c", "nft 'add chain inet cut out { type filter hook output priority 0; policy drop; }'");
        await a.DoAsync("put", "n", "x=2");
        await c.DoAsync("put", "m", "y=3");
        await Eventually.HoldsAsync(b, "n", "2");
        Assert.DoesNotContain("2", await c.DoAsync("get", "n"));
        await lab.DoAsync("c", "nft delete table inet cut");
        await Eventually.HoldsAsync(c, "n", "2");
        await Eventually.HoldsAsync(a, "m", "3");
    }

    [NamespaceFact]
    public async Task Hosts_without_a_way_to_each_other_meet_at_the_relay_and_go_direct_when_a_route_appears()
    {
        await using var lab = await NetworkLab.CreateAsync();
        await lab.AddSwitchAsync("left");
        await lab.AddSwitchAsync("right");
        foreach (var host in new[] { "a", "b", "r" })
        {
            await lab.AddHostAsync(host);
        }

        await lab.PlugAsync("a", "eth0", "10.1.0.1/24", "left");
        await lab.PlugAsync("b", "eth0", "10.2.0.1/24", "right");
        await lab.PlugAsync("r", "eth0", "10.1.0.254/24", "left");
        await lab.PlugAsync("r", "eth1", "10.2.0.254/24", "right");
        // The relay's host takes what is for itself and passes nothing on: each side is behind it as behind a NAT.
        await lab.DoAsync("a", "ip route add default via 10.1.0.254");
        await lab.DoAsync("b", "ip route add default via 10.2.0.254");
        await lab.DoAsync("r", "nft 'add table inet nat; add chain inet nat f { type filter hook forward priority 0; policy drop; }'");
        await using var relay = await RelayProcess.StartBehindAsync(lab.Prefix("r"), "--listen", "ws://0.0.0.0:8080", "--name", "10.1.0.254", "--open");
        const string Url = "ws://10.1.0.254:8080";
        using var a = await TemporaryHome.CreateAsync();
        using var b = new TemporaryHome();
        await b.DoAsync("join", (await a.DoAsync("invite")).Trim());

        // No address in the ticket: they meet by what they leave at the relay.
        await using var first = await Daemon.StartBehindAsync(lab.Prefix("a"), a, "--listen", Anywhere, "--relay", Url);
        await using var second = await Daemon.StartBehindAsync(lab.Prefix("b"), b, "--listen", Anywhere, "--relay", Url);
        await a.DoAsync("put", "n", "x=1");
        await Eventually.HoldsAsync(b, "n", "1");
        Assert.Contains("relay+ws://", (await b.DoAsync("status")).Split('\n').Single(line => line.Contains(" connected ")));

        await lab.DoAsync("r", "echo 1 > /proc/sys/net/ipv4/ip_forward; nft delete table inet nat");
        await Eventually.SaysAsync(async () => Connected(await b.DoAsync("status")), "tcp://10.1.0.1");
        await b.DoAsync("put", "n", "x=2");
        await Eventually.HoldsAsync(a, "n", "2");
        await Eventually.SaysAsync(async () => Connected(await b.DoAsync("status")).Contains("relay") ? "still relayed" : "direct alone", "direct alone");
    }

    [NamespaceFact]
    public async Task An_interface_that_goes_away_and_comes_back_with_another_address_is_noticed()
    {
        await using var lab = await NetworkLab.CreateAsync();
        await lab.AddSwitchAsync("lan");
        foreach (var (host, number) in new[] { ("a", 1), ("b", 2) })
        {
            await lab.AddHostAsync(host);
            await lab.PlugAsync(host, "eth0", $"10.9.0.{number}/24", "lan");
        }

        using var a = await TemporaryHome.CreateAsync();
        using var b = new TemporaryHome();
        await b.DoAsync("join", (await a.DoAsync("invite")).Trim());
        await using var first = await Daemon.StartBehindAsync(lab.Prefix("a"), a, "--listen", Anywhere);
        await using var second = await Daemon.StartBehindAsync(lab.Prefix("b"), b, "--listen", Anywhere);
        await a.DoAsync("put", "n", "x=1");
        await Eventually.HoldsAsync(b, "n", "1");

        await lab.DoAsync("a", "ip link set eth0 down");
        await a.DoAsync("put", "n", "x=2");
        await lab.DoAsync("a", "ip addr flush dev eth0; ip addr add 10.9.0.77/24 dev eth0; ip link set eth0 up");

        await Eventually.HoldsAsync(b, "n", "2");
    }

    private static string Connected(string status) =>
        string.Join('\n', status.Split('\n').Where(static line => line.StartsWith("peer", StringComparison.Ordinal) && line.Contains(" connected ")));
}
