using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.EndToEnd.Reach;

/// <summary>Real hosts on a link that has IPv6, alone or beside IPv4.</summary>
public sealed partial class LanIPv6Tests(ITestOutputHelper output)
{
    private const string Anywhere = "tcp://*:7400";

    [NamespaceTheory]
    [InlineData("link-local addresses alone")]
    [InlineData("others too", "fd00:9::1/64", "fd00:9::2/64")]
    public async Task Two_hosts_without_IPv4_find_each_other_in_about_a_second(string kind, params string[] addresses)
    {
        await using var lab = await LanAsync(addresses);
        await using var pair = await Pair.CreateAsync();
        _ = await pair.StartAAsync(lab.Prefix("a"), "--listen", Anywhere);
        _ = await pair.StartBAsync(lab.Prefix("b"), "--listen", Anywhere);

        var took = await pair.B.ConnectsAsync("tcp://[fe80:");

        output.WriteLine($"{kind}: connected {took.TotalMilliseconds:0} ms after the second daemon was ready");
        Assert.True(took < TimeSpan.FromSeconds(3), $"{took}");
        await pair.A.PutAsync("n", "one");
        _ = await pair.B.SeesAsync("n");
        // Neither a file nor a ticket has an address that means something on this link alone.
        foreach (var home in new[] { pair.HomeA, pair.HomeB })
        {
            var kept = Path.Combine(home.Path, "addresses");
            Assert.DoesNotContain("fe80", File.Exists(kept) ? await File.ReadAllTextAsync(kept) : "", StringComparison.Ordinal);
        }
    }

    [NamespaceFact]
    public async Task On_a_link_with_both_one_session_stays_of_few_dials_and_what_one_family_loses_the_other_carries()
    {
        await using var lab = await LanAsync("10.9.0.1/24", "10.9.0.2/24");
        foreach (var host in new[] { "a", "b" })
        {
            await lab.DoAsync(host, "nft 'add table inet count; add chain inet count in { type filter hook input priority 0; }; "
                + "add rule inet count in tcp dport 7400 tcp flags & (syn | ack) == syn counter'");
        }

        await using var pair = await Pair.CreateAsync();
        _ = await pair.StartAAsync(lab.Prefix("a"), "--listen", Anywhere);
        _ = await pair.StartBAsync(lab.Prefix("b"), "--listen", Anywhere);
        output.WriteLine($"connected {(await pair.B.ConnectsAsync()).TotalMilliseconds:0} ms after the second daemon was ready");
        await pair.A.PutAsync("n", "one");
        _ = await pair.B.SeesAsync("n");
        _ = await pair.B.UntilAsync("/v1/doctor", static text => Count(text, "\"known\":true") == 2);
        _ = await pair.B.UntilAsync("/v1/status", static text => Count(text, "\"connected\"") == 1);
        var dials = await DialsAsync(lab, "a") + await DialsAsync(lab, "b");
        output.WriteLine($"{dials} dials");
        // One of each side; on a busy machine the turn of its other address comes before the first has led anywhere.
        Assert.InRange(dials, 1, 4);

        // Its address goes, and with it each session that used it.
        await lab.DoAsync("a", "ip addr flush dev eth0 scope global");
        await pair.A.PutAsync("m", "two");
        _ = await pair.B.SeesAsync("m");
        _ = await pair.B.ConnectsAsync("tcp://[fe80:");
    }

    [NamespaceFact]
    public async Task Doctor_shows_both_families_and_says_which_is_deaf_and_by_which_nobody_is_accepted()
    {
        await using var lab = await LanAsync();
        await lab.DoAsync("b", "ip addr add 10.9.0.2/24 dev eth0");
        await using var pair = await Pair.CreateAsync();
        _ = await pair.StartAAsync(lab.Prefix("a"), "--listen", "tcp://0.0.0.0:7400");
        _ = await pair.StartBAsync(lab.Prefix("b"), "--listen", Anywhere);

        Assert.Contains("REPLICA_LISTENER_FAMILY", await pair.HomeA.DoAsync("doctor"), StringComparison.Ordinal);
        var well = await pair.HomeB.DoAsync("doctor");
        Assert.Matches(@"interface eth0  10\.9\.0\.2\n", well);
        Assert.Matches(@"interface eth0  fe80::[0-9a-f:]+\n", well);
        Assert.Matches(@"multicast eth0  10\.9\.0\.2  passes\n", well);
        Assert.Matches(@"multicast eth0  fe80::[0-9a-f:]+  passes\n", well);
        Assert.DoesNotContain("REPLICA_LISTENER_FAMILY", well, StringComparison.Ordinal);

        await lab.DoAsync("b", "nft 'add table ip6 deaf; add chain ip6 deaf in { type filter hook input priority 0; }; "
            + "add rule ip6 deaf in udp dport 5353 drop'");
        var deaf = await pair.HomeB.DoAsync("doctor");
        Assert.Matches(@"multicast eth0  10\.9\.0\.2  passes\n", deaf);
        Assert.Contains("hears nobody by IPv6. (REPLICA_MULTICAST_BLOCKED)", deaf, StringComparison.Ordinal);
        Assert.Contains("ff02::fb", deaf, StringComparison.Ordinal);
        Assert.DoesNotContain("224.0.0.251", deaf, StringComparison.Ordinal);
    }

    [NamespaceFact]
    public async Task A_user_may_name_a_neighbour_by_its_link_local_address_and_with_no_lan_nothing_listens_for_others()
    {
        await using var lab = await LanAsync();
        await lab.DoAsync("a", "ip addr add fe80::a/64 dev eth0 nodad");
        await using var pair = await Pair.CreateAsync();
        _ = await pair.StartAAsync(lab.Prefix("a"), "--no-lan", "--listen", Anywhere);
        _ = await pair.StartBAsync(lab.Prefix("b"), "--no-lan", "--connect", "tcp://[fe80::a%eth0]:7400");

        _ = await pair.B.ConnectsAsync("tcp://[fe80::a%eth0]:7400");

        // 14E9 is the port of the protocol.
        await lab.DoAsync("a", "! grep -qi ':14E9 ' /proc/net/udp /proc/net/udp6");
    }

    [NamespaceFact]
    public async Task A_host_that_gets_its_first_address_while_it_runs_is_found()
    {
        await using var lab = await LanAsync();
        await lab.DoAsync("b", "ip link set eth0 down");
        await using var pair = await Pair.CreateAsync();
        _ = await pair.StartAAsync(lab.Prefix("a"), "--listen", Anywhere);
        _ = await pair.StartBAsync(lab.Prefix("b"), "--listen", Anywhere);

        await lab.DoAsync("b", "ip link set eth0 up");
        var took = await pair.B.ConnectsAsync("tcp://[fe80:");

        output.WriteLine($"connected {took.TotalMilliseconds:0} ms after the interface was up");
        Assert.True(took < TimeSpan.FromSeconds(6), $"{took}");
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static async Task<int> DialsAsync(NetworkLab lab, string host)
    {
        await using var rules = lab.Start(host, "nft", "list", "table", "inet", "count");
        while (true)
        {
            if (CounterLine().Match(await rules.NextAsync()) is { Success: true } counter)
            {
                return int.Parse(counter.Groups[1].Value, CultureInfo.InvariantCulture);
            }
        }
    }

    [GeneratedRegex(@"counter packets (\d+)", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex CounterLine();

    private static async Task<NetworkLab> LanAsync(params string[] addresses)
    {
        var lab = await NetworkLab.CreateAsync();
        await lab.AddSwitchAsync("lan");
        foreach (var (host, number) in new[] { ("a", 0), ("b", 1) })
        {
            await lab.AddHostAsync(host);
            await lab.PlugBothAsync(host, "eth0", "lan", [.. addresses.Skip(number).Take(1)]);
        }

        return lab;
    }
}
