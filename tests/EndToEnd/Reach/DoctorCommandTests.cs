using System.Text.Json;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Reach;

/// <summary><c>replica doctor</c> with a daemon and without one.</summary>
public sealed class DoctorCommandTests
{
    [Fact]
    public async Task It_says_what_it_found_and_what_to_do()
    {
        using var home = await TemporaryHome.CreateAsync();
        Assert.Contains("REPLICA_NO_DAEMON", await home.DoAsync("doctor"));
        await using var daemon = await Daemon.StartAsync(home, "--connect", "tcp://127.0.0.1:1", "--relay", "ws://127.0.0.1:1");

        await Eventually.SaysAsync(() => home.DoAsync("doctor"), "REPLICA_PEER_UNREACHABLE");
        await Eventually.SaysAsync(() => home.DoAsync("doctor"), "REPLICA_RELAY_UNREACHABLE");

        using var report = JsonDocument.Parse(await home.DoAsync("doctor", "--json"));
        var codes = report.RootElement.GetProperty("findings").EnumerateArray().Select(static one => one.GetProperty("code").GetString()).ToArray();
        Assert.Contains("REPLICA_LAN_OFF", codes);
        Assert.DoesNotContain("REPLICA_NO_DAEMON", codes);
        Assert.Equal(64, report.RootElement.GetProperty("relays")[0].GetProperty("routingKey").GetString()!.Length);
    }
}
