using Replica.Tests.EndToEnd.Processes;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.EndToEnd.Reach;

/// <summary>Real hosts on one switch: how soon they find each other, among liars too, and what doctor says when they do not.</summary>
public sealed class LanTests(ITestOutputHelper output)
{
    private const string Anywhere = "tcp://0.0.0.0:7400";

    [NamespaceFact]
    public async Task Two_hosts_find_each_other_in_about_a_second()
    {
        await using var lab = await LanAsync();
        await using var pair = await Pair.CreateAsync();
        _ = await pair.StartAAsync(lab.Prefix("a"), "--listen", Anywhere);
        _ = await pair.StartBAsync(lab.Prefix("b"), "--listen", Anywhere);

        var took = await pair.B.ConnectsAsync();

        output.WriteLine($"connected {took.TotalMilliseconds:0} ms after the second daemon was ready");
        Assert.True(took < TimeSpan.FromSeconds(3), $"{took}");
    }

    [NamespaceTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task F21_the_true_peer_is_found_within_five_seconds_among_two_thousand_lies_a_second(bool isIPv6)
    {
        await using var lab = await LanAsync(isIPv6);
        await lab.AddHostAsync("liar");
        var network = isIPv6 ? "fd00:9::3:" : "10.9.3.";
        string[] own = [.. Enumerable.Range(1, 64).Select(i => isIPv6 ? $"{network}{i:x}/64" : $"{network}{i}/16")];
        await (isIPv6 ? lab.PlugBothAsync("liar", "eth0", "lan", own) : lab.PlugAsync("liar", "eth0", own[0], "lan"));
        foreach (var more in isIPv6 ? [] : own.Skip(1))
        {
            await lab.DoAsync("liar", $"ip addr add {more} dev eth0");
        }

        // Whoever dials it hears nothing.
        await lab.DoAsync("liar", "nft 'add table inet mute; add chain inet mute in { type filter hook input priority 0; }; "
            + "add rule inet mute in meta l4proto tcp drop'");
        await using var liar = lab.Start("liar", "dotnet", "exec", typeof(LanLiar).Assembly.Location, LanLiar.Command, network, "64");
        Assert.Equal("up", await liar.NextAsync());
        await using var pair = await Pair.CreateAsync();
        _ = await pair.StartAAsync(lab.Prefix("a"), "--listen", "tcp://*:7400");
        _ = await pair.StartBAsync(lab.Prefix("b"), "--listen", "tcp://*:7400");

        var took = await pair.B.ConnectsAsync();

        output.WriteLine($"connected {took.TotalMilliseconds:0} ms after the second daemon was ready");
        Assert.True(took < TimeSpan.FromSeconds(5), $"{took}");
        await pair.A.PutAsync("n", "one");
        _ = await pair.B.SeesAsync("n");
        _ = await pair.B.UntilAsync("/v1/doctor", static text =>
        {
            using var report = System.Text.Json.JsonDocument.Parse(text);
            return report.RootElement.GetProperty("lanPacketsHeard").GetInt64() > 2_000;
        });
        liar.Process.StandardInput.Close();
    }

    [NamespaceFact]
    public async Task Doctor_says_that_multicast_is_blocked_that_a_member_refuses_and_that_a_stranger_is_there()
    {
        await using var lab = await LanAsync();
        await using var pair = await Pair.CreateAsync();
        await lab.DoAsync("a", "nft 'add table inet wall; add chain inet wall in { type filter hook input priority 0; }; "
            + "add rule inet wall in tcp dport 7400 reject with tcp reset'");
        using var stranger = await TemporaryHome.CreateAsync();
        await lab.AddHostAsync("s");
        await lab.PlugAsync("s", "eth0", "10.9.0.3/16", "lan");
        await using var third = await Daemon.StartBehindAsync(lab.Prefix("s"), stranger, "--listen", Anywhere);
        _ = await pair.StartAAsync(lab.Prefix("a"), "--listen", Anywhere);
        _ = await pair.StartBAsync(lab.Prefix("b"), "--listen", Anywhere);

        await Eventually.SaysAsync(() => pair.HomeB.DoAsync("doctor"), "REPLICA_LAN_REFUSED");
        await Eventually.SaysAsync(() => pair.HomeB.DoAsync("doctor"), "REPLICA_LAN_STRANGER");
        var report = await pair.HomeB.DoAsync("doctor");
        Assert.Contains("passes", report, StringComparison.Ordinal);
        Assert.Contains("tcp://10.9.0.1:7400", report, StringComparison.Ordinal);
        Assert.DoesNotContain("REPLICA_MULTICAST_BLOCKED", report, StringComparison.Ordinal);

        await lab.DoAsync("b", "nft 'add table inet deaf; add chain inet deaf in { type filter hook input priority 0; }; "
            + "add rule inet deaf in udp dport 5353 drop'");
        Assert.Contains("REPLICA_MULTICAST_BLOCKED", await pair.HomeB.DoAsync("doctor"), StringComparison.Ordinal);

        // The wall falls: nothing else has to be done.
        await lab.DoAsync("a", "nft delete table inet wall");
        _ = await pair.B.ConnectsAsync();
    }

    [NamespaceFact]
    public async Task Doctor_says_that_no_interface_is_up_until_there_is_one()
    {
        await using var lab = await NetworkLab.CreateAsync();
        await lab.AddSwitchAsync("lan");
        await lab.AddHostAsync("a");
        using var home = await TemporaryHome.CreateAsync();
        await using var daemon = await Daemon.StartBehindAsync(lab.Prefix("a"), home, "--listen", Anywhere);

        Assert.Contains("REPLICA_NO_INTERFACE", await home.DoAsync("doctor"));
        await lab.PlugAsync("a", "eth0", "10.9.0.1/16", "lan");

        Assert.DoesNotContain("REPLICA_NO_INTERFACE", await home.DoAsync("doctor"));
        Assert.Contains("interface eth0  10.9.0.1", await home.DoAsync("doctor"));
    }

    private static async Task<NetworkLab> LanAsync(bool isIPv6 = false)
    {
        var lab = await NetworkLab.CreateAsync();
        await lab.AddSwitchAsync("lan");
        foreach (var (host, number) in new[] { ("a", 1), ("b", 2) })
        {
            await lab.AddHostAsync(host);
            await (isIPv6 ? lab.PlugBothAsync(host, "eth0", "lan") : lab.PlugAsync(host, "eth0", $"10.9.0.{number}/16", "lan"));
        }

        return lab;
    }
}
