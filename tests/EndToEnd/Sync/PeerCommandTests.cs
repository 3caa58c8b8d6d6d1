using System.Text.Json;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Sync;

/// <summary>What the commands tell of peers, between two daemons on this computer.</summary>
public sealed class PeerCommandTests
{
    [Fact]
    public async Task Status_who_and_presence_tell_of_the_other_device()
    {
        using var home = await TemporaryHome.CreateAsync();
        using var other = new TemporaryHome();
        _ = await home.DoAsync("put", "a", "x=1");
        var ticket = (await home.DoAsync("invite")).Trim();
        await using var first = await Daemon.StartAsync(home, "--listen", "tcp://127.0.0.1:0", "--no-compression", "main");
        _ = await other.DoAsync("join", ticket);
        await using var second = await Daemon.StartAsync(other, "--connect", first.Listening[0]);

        var status = await Eventually.TrueAsync(
            () => other.DoAsync("status", "--json"), static text => text.Contains("\"inSync\":true", StringComparison.Ordinal));
        using (var document = JsonDocument.Parse(status))
        {
            var peer = document.RootElement.GetProperty("peers")[0];
            Assert.Equal("tcp", peer.GetProperty("via").GetString());
            Assert.True(peer.GetProperty("dialled").GetBoolean());
            Assert.True(peer.TryGetProperty("lastHeard", out _));
            var space = peer.GetProperty("spaces")[0];
            Assert.Equal((0, 0), (space.GetProperty("peerLacks").GetInt32(), space.GetProperty("weLack").GetInt32()));
            Assert.Equal("Live", space.GetProperty("phase").GetString());
        }

        _ = await other.DoAsync("put", "b", "y=2");
        var who = await Eventually.TrueAsync(
            () => other.DoAsync("who", "b"), static text => text.Contains("has them on disk  connected", StringComparison.Ordinal));
        Assert.StartsWith("last changes  ", who, StringComparison.Ordinal);

        _ = await home.DoAsync("presence", "writing a", "--ttl", "60s");
        var seen = await Eventually.TrueAsync(() => other.DoAsync("presence"), static text => text.Length > 0);
        Assert.Contains("writing a", seen, StringComparison.Ordinal);
        _ = await home.DoAsync("presence", "--clear");
        _ = await Eventually.TrueAsync(() => other.DoAsync("presence"), static text => text.Length == 0);

        _ = await first.StopAsync();
        var known = await Eventually.TrueAsync(
            () => other.DoAsync("who", "b"), static text => text.Contains("last heard", StringComparison.Ordinal));
        Assert.Contains("has them on disk", known, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_presence_without_a_daemon_and_one_too_long_are_refused()
    {
        using var home = await TemporaryHome.CreateAsync();

        var alone = await home.RunAsync("presence", "here");
        await using var daemon = await Daemon.StartAsync(home);
        var tooLong = await home.RunAsync("presence", new string('x', 5_000));
        var forEver = await home.RunAsync("presence", "here", "--ttl", "2m");
        var nobody = await home.RunAsync("who", "nobody");

        Assert.Contains("REPLICA_NO_DAEMON", alone.Error, StringComparison.Ordinal);
        Assert.Contains("4096", tooLong.Error, StringComparison.Ordinal);
        Assert.Contains("60 s", forEver.Error, StringComparison.Ordinal);
        Assert.Contains("REPLICA_NOT_FOUND", nobody.Error, StringComparison.Ordinal);
        Assert.All(new[] { alone, tooLong, forEver, nobody }, static outcome => Assert.NotEqual(0, outcome.Code));
    }
}
