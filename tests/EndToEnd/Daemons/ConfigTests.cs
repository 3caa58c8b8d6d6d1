using System.Text.Json;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Daemons;

/// <summary>Settings: who is heard first, what is refused, and what is shown.</summary>
public sealed class ConfigTests
{
    [Fact]
    public async Task A_flag_goes_before_the_environment_that_before_the_file_and_that_before_the_default()
    {
        using var home = await TemporaryHome.CreateAsync();
        await File.WriteAllTextAsync(Path.Combine(home.Path, "replica.json"), """
            {
              // Comments are allowed.
              "listen": ["tcp://127.0.0.1:7001", "tcp://127.0.0.1:7002"],
              "log": { "level": "debug", "format": "json" },
              "backup": { "keep": 3 },
            }
            """);

        var shown = await ReplicaProcess.RunAsync(
            ["--dir", home.Path, "config", "show", "--json", "--log", "error"], null,
            ("REPLICA_LOG_LEVEL", "warning"), ("REPLICA_LOG_FORMAT", "text"), ("REPLICA_CONNECT", "tcp://a:1, tcp://b:2"));

        Assert.True(shown.Code == 0, shown.Error);
        var settings = JsonDocument.Parse(shown.Output).RootElement.GetProperty("settings").EnumerateArray()
            .ToDictionary(static one => one.GetProperty("key").GetString()!, static one => $"{one.GetProperty("value")} {one.GetProperty("source")}");
        Assert.Equal("error flag", settings["log.level"]);
        Assert.Equal("text environment", settings["log.format"]);
        Assert.Equal("[\"tcp://a:1\",\"tcp://b:2\"] environment", settings["connect"]);
        Assert.Equal("[\"tcp://127.0.0.1:7001\",\"tcp://127.0.0.1:7002\"] file", settings["listen"]);
        Assert.Equal("3 file", settings["backup.keep"]);
        Assert.Equal("24h default", settings["backup.every"]);
        Assert.Equal(" default", settings["api.listen"]);
    }

    [Theory]
    [InlineData("{\"log\":{\"levle\":\"info\"}}", "REPLICA_CONFIG_UNKNOWN", "'log.levle'", "Did you mean 'log.level'?")]
    [InlineData("{\"lisen\":[]}", "REPLICA_CONFIG_UNKNOWN", "'lisen'", "Did you mean 'listen'?")]
    [InlineData("{\"log\":{\"level\":\"loud\"}}", "REPLICA_CONFIG_INVALID", "'log.level' is 'loud'", "trace, debug, info, warning or error")]
    [InlineData("{\"listen\":[\"tcp://127.0.0.1:1\",\"nowhere\"]}", "REPLICA_CONFIG_INVALID", "'listen[1]' is 'nowhere'", "tcp://HOST:PORT")]
    [InlineData("{\"listen\":\"tcp://127.0.0.1:1\"}", "REPLICA_CONFIG_INVALID", "'listen' must be an array of texts", "not string")]
    [InlineData("{\"backup\":{\"keep\":0}}", "REPLICA_CONFIG_INVALID", "'backup.keep' is '0'", "from 1 to 1000")]
    [InlineData("{\"backup\":{\"every\":\"5s\"}}", "REPLICA_CONFIG_INVALID", "'backup.every' is '5s'", "a minute to a year")]
    [InlineData("{\"api\":{\"listen\":\"0.0.0.0:1\"}}", "REPLICA_CONFIG_INVALID", "'api.listen' is '0.0.0.0:1'", "127.0.0.1:PORT")]
    [InlineData("{\"lan\":\"no\"}", "REPLICA_CONFIG_INVALID", "'lan' must be true or false", "not string")]
    [InlineData("{\"lan\":true,\"lan\":false}", "REPLICA_CONFIG_INVALID", "'lan' stands twice", "")]
    [InlineData("[]", "REPLICA_CONFIG_INVALID", "one JSON object", "")]
    [InlineData("{\"lan\":\ntru", "REPLICA_CONFIG_INVALID", "line 2", "no JSON")]
    public async Task A_file_that_says_something_unknown_or_wrong_is_refused(string text, string code, string what, string allowed)
    {
        using var home = await TemporaryHome.CreateAsync();
        var file = home.Write("other.json", text);

        foreach (var command in (string[][])[["config", "show", "--config", file], ["run", "--config", file]])
        {
            var outcome = await home.RunAsync(command);

            Assert.Equal(1, outcome.Code);
            var line = Assert.Single(outcome.ErrorLines);
            Assert.Contains(file, line);
            Assert.Contains(what, line);
            Assert.Contains(allowed, line);
            Assert.Contains($"({code})", line);
        }
    }

    [Fact]
    public async Task A_variable_that_says_something_wrong_is_refused_by_its_name()
    {
        using var home = await TemporaryHome.CreateAsync();

        var outcome = await ReplicaProcess.RunAsync(["--dir", home.Path, "run"], null, ("REPLICA_DURABILITY", "some"));

        Assert.Equal(1, outcome.Code);
        Assert.Contains("REPLICA_DURABILITY ('durability') is 'some'; allowed: full or relaxed. (REPLICA_CONFIG_INVALID)", outcome.Error);
    }

    [Fact]
    public async Task A_secret_is_never_shown_and_a_file_that_holds_one_is_its_owners_alone()
    {
        using var home = await TemporaryHome.CreateAsync();
        var file = home.Write("other.json", "{\"relayToken\":\"canary-51c3\"}");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
            var exposed = await home.RunAsync("config", "show", "--config", file);
            Assert.Equal(1, exposed.Code);
            Assert.Contains("REPLICA_CONFIG_EXPOSED", exposed.Error);
            Assert.DoesNotContain("canary", exposed.Error);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        var shown = await home.DoAsync("config", "show", "--config", file) + await home.DoAsync("config", "show", "--config", file, "--json");

        Assert.DoesNotContain("canary", shown);
        Assert.Contains("(hidden)", shown);
    }

    [Fact]
    public async Task A_daemon_does_what_its_file_says()
    {
        using var home = await TemporaryHome.CreateAsync();
        await File.WriteAllTextAsync(
            Path.Combine(home.Path, "replica.json"), "{\"listen\":[\"tcp://127.0.0.1:0\"],\"log\":{\"format\":\"json\",\"level\":\"debug\"}}");

        await using var daemon = await Daemon.StartAsync(home);

        Assert.StartsWith("tcp://127.0.0.1:", Assert.Single(daemon.Listening));
    }
}
