using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Daemons;

/// <summary>Two seconds after it was told to stop the daemon is gone, whatever it was doing, and nothing that was confirmed is lost.</summary>
public sealed class StopTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task During_an_import(string signal)
    {
        using var home = await TemporaryHome.CreateAsync();
        await using var daemon = await Daemon.StartAsync(home);
        var lines = Enumerable.Range(0, 300_000).Select(static i => $"{{\"node\":\"n{i:d6}\",\"fields\":{{\"v\":{i}}}}}\n");
        var file = home.Write("f.jsonl", string.Concat(lines));
        using var import = ReplicaProcess.Start(["--dir", home.Path, "import", file]);
        var error = import.StandardError.ReadToEndAsync();
        await Eventually.SaysAsync(() => home.DoAsync("ls", "--limit", "1"), "n0");

        await IsQuickAsync(daemon, signal);

        await import.WaitForExitAsync().WaitAsync(ReplicaProcess.Limit);
        _ = await error;
        var count = (await home.DoAsync("ls")).Split('\n').Length - 1;
        Assert.True(count > 0 && count % 1000 == 0, $"{count} nodes: a transaction is there half.");
        Assert.Contains("\"damages\":0", await home.DoAsync("verify", "--json"));
    }

    [Fact]
    public async Task During_backups_of_its_own_and_of_others_which_leave_nothing_half_done()
    {
        using var home = await BigHomeAsync();
        var folder = Path.Combine(home.Root, "backups");
        await using var daemon = await Daemon.StartAsync(home, "--backup-dir", folder, "--backup-every", "1m");
        using var backup = ReplicaProcess.Start(["--dir", home.Path, "backup", Path.Combine(home.Root, "mine.backup")]);
        var error = backup.StandardError.ReadToEndAsync();
        await Eventually.TrueAsync(
            () => Task.FromResult(string.Join(' ', home.Files())), static files => files.Contains(".backup", StringComparison.Ordinal));

        await IsQuickAsync(daemon, "TERM");

        await backup.WaitForExitAsync().WaitAsync(ReplicaProcess.Limit);
        _ = await error;
        Assert.DoesNotContain(home.Files(), static file => file.EndsWith(".partial", StringComparison.Ordinal));
    }

    [Fact]
    public async Task During_a_first_sync_which_goes_on_later()
    {
        using var home = await BigHomeAsync();
        using var other = new TemporaryHome();
        var ticket = (await home.DoAsync("invite")).Trim();
        _ = await other.DoAsync("join", "--ticket-file", other.Write("ticket.txt", ticket));
        await using var source = await Daemon.StartAsync(home, "--listen", "tcp://127.0.0.1:0");
        await using (var joining = await Daemon.StartAsync(other, "--connect", source.Listening[0]))
        {
            await Eventually.SaysAsync(async () => (await other.RunAsync("ls", "--limit", "1")).Output, "n0");
            await IsQuickAsync(joining, "TERM");
        }

        await using (var joining = await Daemon.StartAsync(other, "--connect", source.Listening[0]))
        {
            await Eventually.SaysAsync(() => other.DoAsync("status", "--json"), "\"inSync\":true");
        }

        await IsQuickAsync(source, "INT");
        Assert.Equal(await home.DoAsync("state"), await other.DoAsync("state"));
    }

    [Fact]
    public async Task While_others_read_what_never_ends()
    {
        using var home = await TemporaryHome.CreateAsync();
        await using var daemon = await Daemon.StartAsync(home);
        await using var watch = new LineReader(ReplicaProcess.Start(["--dir", home.Path, "watch", "--after", "0"]));
        await using var presence = new LineReader(ReplicaProcess.Start(["--dir", home.Path, "presence", "--watch"]));
        _ = await watch.NextAsync();

        var (code, took) = await daemon.StopAsync();

        Assert.Equal(0, code);
        Assert.True(took < s_limit, $"It took {took}.");
    }

    private static async Task<TemporaryHome> BigHomeAsync()
    {
        var home = await TemporaryHome.CreateAsync();
        var text = new string('x', 200);
        var lines = Enumerable.Range(0, 100_000).Select(i => $"{{\"node\":\"n{i:d6}\",\"fields\":{{\"t\":\"{text}\"}}}}\n");
        _ = await home.DoAsync("import", home.Write("f.jsonl", string.Concat(lines)));
        return home;
    }

    private static async Task IsQuickAsync(Daemon daemon, string signal)
    {
        var (code, took) = await daemon.StopAsync(signal);

        Assert.True(code == 0, $"It ended with {code}: {daemon.Log}");
        Assert.True(took < s_limit, $"It took {took}.");
    }
}
