using System.Text.Json;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Daemons;

/// <summary>The daemon's log, and faults with and without their traces.</summary>
public sealed class LogTests
{
    [Fact]
    public async Task A_log_in_JSON_has_an_object_a_line_with_the_messages_parts()
    {
        using var home = await TemporaryHome.CreateAsync();
        await using var daemon = await Daemon.StartAsync(home, "--connect", "tcp://127.0.0.1:1", "--log-format", "json");

        var log = await daemon.LogWithAsync("Can't reach");

        foreach (var line in log.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var entry = JsonDocument.Parse(line);
            Assert.True(DateTimeOffset.TryParse(entry.RootElement.GetProperty("time").GetString(), out _));
            Assert.Equal("warning", entry.RootElement.GetProperty("level").GetString());
            Assert.Equal("Replica.Peer.Net", entry.RootElement.GetProperty("category").GetString());
            Assert.Equal("tcp://127.0.0.1:1", entry.RootElement.GetProperty("parts").GetProperty("address").GetString());
            Assert.True(entry.RootElement.GetProperty("event").GetInt32() > 0);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_fault_shows_where_it_came_from_only_when_asked(bool isAsked)
    {
        using var home = await TemporaryHome.CreateAsync();

        var outcome = await home.RunAsync(isAsked ? ["get", "nobody", "--trace"] : ["get", "nobody"]);

        Assert.Equal(1, outcome.Code);
        Assert.StartsWith("replica: There is no node 'nobody'", outcome.Error);
        Assert.Equal(isAsked, outcome.Error.Contains("   at ", StringComparison.Ordinal));
    }
}
