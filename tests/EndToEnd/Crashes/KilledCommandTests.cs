using System.Globalization;
using Replica.Tests.EndToEnd.Processes;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.EndToEnd.Crashes;

/// <summary>The command itself, killed while it writes, and again while it makes good what that left.</summary>
public sealed class KilledCommandTests(ITestOutputHelper output)
{
    private const int KillsDefault = 6;

    [Fact]
    public async Task F4_dev_write_killed_at_any_moment_leaves_every_acknowledged_change_and_a_space_that_verifies()
    {
        var kills = int.TryParse(Environment.GetEnvironmentVariable("REPLICA_CRASH_COMMANDS"), out var asked) ? asked : KillsDefault;
        var seed = int.TryParse(Environment.GetEnvironmentVariable("REPLICA_SEED"), out var given) ? given : Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var chance = new Random(seed);
        using var home = await TemporaryHome.CreateAsync();
        for (var kill = 0; kill < kills; kill++)
        {
            var (prefix, acknowledged) = await WriteAndKillAsync(home, chance.Next(1, 40));
            // While the next command opens the home, it is killed as well.
            using (var recovering = ReplicaProcess.Start(["--dir", home.Path, "ls"]))
            {
                await Task.WhenAny(recovering.WaitForExitAsync(), Task.Delay(chance.Next(400)));
                recovering.Kill();
                await recovering.WaitForExitAsync();
            }

            var nodes = (await home.DoAsync("ls", "--prefix", prefix)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.InRange(nodes.Length, acknowledged, acknowledged + 1);
            for (var n = 1; n <= acknowledged; n++)
            {
                Assert.Contains(nodes, node => node.StartsWith($"{prefix}{n}  n={n}, payload={prefix["write/".Length..]}{n}.", StringComparison.Ordinal));
            }
        }

        Assert.StartsWith("ok", await home.DoAsync("verify"));
    }

    private static async Task<(string Prefix, int Acknowledged)> WriteAndKillAsync(TemporaryHome home, int changes)
    {
        using var process = ReplicaProcess.Start(["--dir", home.Path, "dev", "write", "100000000"]);
        var first = (await process.StandardError.ReadLineAsync().WaitAsync(ReplicaProcess.Limit))!.Split(' ')[2];
        var acknowledged = 0;
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(ReplicaProcess.Limit) is { } line)
        {
            Assert.Equal($"ack {(++acknowledged).ToString(CultureInfo.InvariantCulture)}", line);
            if (acknowledged == changes)
            {
                process.Kill();
            }
        }

        await process.WaitForExitAsync();
        return (first[..^1], acknowledged);
    }
}
