using System.Text.Json;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Daemons;

/// <summary>The command <c>watch</c>, and commands that speak to a daemon by its address.</summary>
public sealed class WatchTests
{
    [Fact]
    public async Task It_shows_each_change_once_and_goes_on_after_the_daemon_came_back()
    {
        using var home = await TemporaryHome.CreateAsync();
        var first = await Daemon.StartAsync(home);
        await using var watch = new LineReader(ReplicaProcess.Start(["--dir", home.Path, "watch", "--after", "0", "--json"]));
        Assert.Contains("genesis", await watch.NextAsync());
        _ = await home.DoAsync("put", "one");
        Assert.Equal("one", NodeOf(await watch.NextAsync()));

        _ = await first.StopAsync();
        await first.DisposeAsync();
        _ = await home.DoAsync("put", "two");
        await using var second = await Daemon.StartAsync(home);
        _ = await home.DoAsync("put", "three");

        Assert.Equal("two", NodeOf(await watch.NextAsync()));
        Assert.Equal("three", NodeOf(await watch.NextAsync()));
        _ = await second.StopAsync("KILL");
        await using var third = await Daemon.StartAsync(home);
        _ = await home.DoAsync("put", "four");
        Assert.Equal("four", NodeOf(await watch.NextAsync()));
        await ReplicaProcess.SignalAsync(watch.Process, "INT");
        var end = await watch.EndAsync();
        Assert.Equal((0, "", ""), (end.Code, end.Output, end.Error));
    }

    [Fact]
    public async Task It_ends_after_as_many_changes_as_asked_for_and_shows_them_to_people()
    {
        using var home = await TemporaryHome.CreateAsync();
        _ = await home.DoAsync("put", "page/home", "title=Hello");
        await using var daemon = await Daemon.StartAsync(home);

        var text = await home.DoAsync("watch", "--after", "0", "--limit", "2");

        Assert.Contains("genesis", text);
        Assert.EndsWith("page/home title = \"Hello\"\n", text);
    }

    [Theory]
    [InlineData("watch --after x", "REPLICA_BAD_INPUT")]
    [InlineData("watch --space none", "REPLICA_NO_SPACE")]
    [InlineData("watch --after 1-0000000000000000-0000000000000000", "REPLICA_POSITION_UNKNOWN")]
    public async Task What_can_not_be_watched_is_refused(string line, string code)
    {
        using var home = await TemporaryHome.CreateAsync();
        await using var daemon = await Daemon.StartAsync(home);

        var outcome = await home.RunAsync(line.Split(' '));

        Assert.Equal(1, outcome.Code);
        Assert.Contains(code, outcome.Error);
    }

    [Fact]
    public async Task Without_a_daemon_there_is_nothing_to_watch()
    {
        using var home = await TemporaryHome.CreateAsync();

        var outcome = await home.RunAsync("watch");

        Assert.Equal(1, outcome.Code);
        Assert.Contains("REPLICA_NO_DAEMON", outcome.Error);
    }

    [Fact]
    public async Task Commands_speak_to_a_daemon_by_its_address_and_its_token()
    {
        using var home = await TemporaryHome.CreateAsync();
        await using var daemon = await Daemon.StartAsync(home, "--api-listen", "127.0.0.1:0");
        var token = Path.Combine(home.Path, "api.token");

        var written = await ReplicaProcess.RunAsync(["--api", daemon.Api, "--token-file", token, "put", "far", "x=1"]);
        var read = await ReplicaProcess.RunAsync(["--api", daemon.Api, "--token-file", token, "ls"]);
        var wrong = await ReplicaProcess.RunAsync(["--api", daemon.Api, "--token-file", home.Write("other", new string('0', 64)), "ls"]);
        var far = await ReplicaProcess.RunAsync(["--api", "http://example.org", "--token-file", token, "ls"]);
        var half = await ReplicaProcess.RunAsync(["--api", daemon.Api, "ls"]);

        Assert.True(written.Code == 0, written.Error);
        Assert.Equal("far  x=1\n", read.Output);
        Assert.Equal(1, wrong.Code);
        Assert.Matches("REPLICA_(KEY_EXPOSED|UNAUTHORIZED)", wrong.Error);
        Assert.Equal((2, 2), (far.Code, half.Code));
    }

    private static string? NodeOf(string line) =>
        JsonDocument.Parse(line).RootElement.GetProperty("operations").EnumerateArray()
            .Select(static one => one.TryGetProperty("node", out var node) ? node.GetString() : null).First(static node => node is not null);
}
