using System.Security.Cryptography;
using System.Text.Json;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Terminals;

/// <summary>The first sync of a newcomer, stopped half-way: it is told how far it is, and when all is here.</summary>
public sealed class ProgressTests
{
    private const int Nodes = 4_000;
    private const int Changes = Nodes / 10;

    /// <summary>Not to be made shorter by compression, so that much more than this is to come.</summary>
    private const int BytesFirst = 1_500_000;

    [Fact]
    public async Task Status_and_the_api_tell_how_far_a_first_sync_is()
    {
        using var home = await FilledAsync();
        using var joiner = new TemporaryHome();
        await using var line = new HeldLine(BytesFirst);
        await using var daemon = await JoinAsync(home, joiner, line);
        await using var other = await Daemon.StartAsync(joiner, "--connect", line.Address);

        var half = await Eventually.TrueAsync(
            () => joiner.DoAsync("status", "--json"), static text => Sync(text) is { Received: > 0 } sync && sync.PerSecond > 0);
        var (received, announced, _) = Sync(half)!.Value;
        Assert.InRange(received, 1, Changes - 1);
        Assert.InRange(announced, Changes, Changes + 10);
        Assert.Contains($" of {announced} changes (", await joiner.DoAsync("status"));
        line.Open();

        var whole = await Eventually.TrueAsync(
            () => joiner.DoAsync("status", "--json"), static text => Sync(text) is { } sync && sync.Received == sync.Announced);
        Assert.Equal(announced, Sync(whole)!.Value.Received);
        Assert.DoesNotContain("receiving", await joiner.DoAsync("status"));
        Assert.Null(Sync(await home.DoAsync("status", "--json")) is { } theirs && theirs.Received < theirs.Announced ? theirs : null);
    }

    [TerminalFact]
    public async Task A_daemon_on_a_terminal_shows_how_far_it_is_in_its_last_line_and_takes_it_away_at_the_end()
    {
        using var home = await FilledAsync();
        using var joiner = new TemporaryHome();
        await using var line = new HeldLine(BytesFirst);
        await using var daemon = await JoinAsync(home, joiner, line);
        await using var screen = TerminalProcess.Start("--dir", joiner.Path, "run", "--no-lan", "--connect", line.Address);

        _ = await screen.SeesAsync("main: receiving ");
        _ = await screen.SeesAsync(" changes (");
        line.Open();
        _ = await screen.SeesAsync("main: all ");
        await screen.TypeAsync(TerminalProcess.CtrlC);

        Assert.Equal((0, "echo icanon isig"), await screen.EndAsync());
    }

    [TerminalFact]
    public async Task A_join_on_a_terminal_through_a_daemon_shows_the_first_sync_until_all_is_here()
    {
        using var home = await FilledAsync();
        using var joiner = new TemporaryHome();
        _ = await joiner.DoAsync("--space", "other", "init");
        await using var line = new HeldLine(BytesFirst);
        var ticket = joiner.Write("ticket.txt", await home.DoAsync("invite", "--hint", line.Address));
        await using var daemon = await Daemon.StartAsync(home, "--listen", "tcp://127.0.0.1:0");
        line.Target = new Uri(daemon.Listening[0]).Port;
        await using var other = await Daemon.StartAsync(joiner, "--connect", line.Address);
        await using var screen = TerminalProcess.Start("--dir", joiner.Path, "join", "--ticket-file", ticket);

        _ = await screen.SeesAsync("receiving");
        _ = await screen.SeesAsync(" changes/s");
        line.Open();

        _ = await screen.SeesAsync("the space main is joined: all ");
        Assert.Equal((0, "echo icanon isig"), await screen.EndAsync());
    }

    private static async Task<TemporaryHome> FilledAsync()
    {
        var home = await TemporaryHome.CreateAsync();
        var lines = Enumerable.Range(0, Nodes).Select(static i => $$"""{"node":"n{{i}}","fields":{"v":"{{RandomNumberGenerator.GetHexString(2000)}}"} }""");
        _ = await home.DoAsync("import", "--batch", "10", home.Write("nodes.jsonl", string.Join('\n', lines)));
        return home;
    }

    private static async Task<Daemon> JoinAsync(TemporaryHome home, TemporaryHome joiner, HeldLine line)
    {
        // The ticket is made while nothing listens: it names no way but the held one.
        _ = await joiner.DoAsync("join", "--ticket-file", joiner.Write("ticket.txt", await home.DoAsync("invite", "--hint", line.Address)));
        var daemon = await Daemon.StartAsync(home, "--listen", "tcp://127.0.0.1:0");
        line.Target = new Uri(daemon.Listening[0]).Port;
        return daemon;
    }

    private static (long Received, long Announced, double PerSecond)? Sync(string status)
    {
        using var document = JsonDocument.Parse(status);
        var space = document.RootElement.GetProperty("spaces").EnumerateArray().First(static one => one.GetProperty("name").GetString() == "main");
        return space.TryGetProperty("sync", out var sync)
            ? (sync.GetProperty("received").GetInt64(), sync.GetProperty("announced").GetInt64(), sync.GetProperty("perSecond").GetDouble())
            : null;
    }
}
