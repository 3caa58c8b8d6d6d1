using System.Diagnostics;
using System.Globalization;
using Replica.Peer.Host;
using Replica.Peer.Store;
using Replica.Peer.Store.Integrity;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.EndToEnd.Crashes;

/// <summary>
/// Processes killed at random moments, hundreds of times on the same homes. <c>REPLICA_CRASH_KILLS</c> sets how many times;
/// the seed is printed and <c>REPLICA_SEED</c> repeats its choices, though not the machine's timing.
/// </summary>
public sealed class KilledWriterTests(ITestOutputHelper output) : IDisposable
{
    private const int KillsDefault = 200;
    private const int Homes = 4;
    private const int VerifyEvery = 10;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _root = Directory.CreateTempSubdirectory("replica-crash-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task F4_a_writer_killed_two_hundred_times_loses_nothing_it_acknowledged()
    {
        var kills = int.TryParse(Environment.GetEnvironmentVariable("REPLICA_CRASH_KILLS"), out var asked) ? asked : KillsDefault;
        var seed = int.TryParse(Environment.GetEnvironmentVariable("REPLICA_SEED"), out var given) ? given : Environment.TickCount;
        output.WriteLine($"seed {seed}, {kills} kills");

        var written = await Task.WhenAll(Enumerable.Range(0, Homes).Select(home => KillAsync(home, kills / Homes, new Random(seed + home))));

        output.WriteLine($"{written.Sum()} changes were written");
        Assert.All(written, static count => Assert.True(count > 0));
    }

    private async Task<int> KillAsync(int number, int kills, Random chance)
    {
        var directory = Path.Combine(_root, number.ToString(CultureInfo.InvariantCulture));
        // A killed process loses nothing of a relaxed space either.
        var durability = number % 2 == 0 ? Durability.Full : Durability.Relaxed;
        await using (var home = await ReplicaHome.OpenOrCreateAsync(new HomeOptions { Directory = directory }))
        {
            _ = await home.CreateSpaceAsync("main", durability: durability);
        }

        var there = 0;
        for (var kill = 0; kill < kills; kill++)
        {
            var acknowledged = await RunAndKillAsync(directory, there + 1, chance) ?? there;
            var found = await CheckAsync(directory, isVerified: kill % VerifyEvery == 0 || kill == kills - 1);
            Assert.InRange(found, acknowledged, acknowledged + 1);
            Assert.True(found >= there, $"{there} changes were there before, {found} are now");
            there = found;
        }

        return there;
    }

    /// <summary>Starts a writer and kills it, sometimes while it opens the home, mostly after some changes.</summary>
    /// <returns>The last change it acknowledged; nothing if it acknowledged none.</returns>
    private static async Task<int?> RunAndKillAsync(string directory, int first, Random chance)
    {
        using var process = Start(directory, first);
        var isEarly = chance.Next(5) == 0;
        var changes = isEarly ? 0 : chance.Next(30);
        var spin = TimeSpan.FromMicroseconds(chance.Next(isEarly ? 300_000 : 3_000));
        int? last = null;
        while (changes-- > 0 && await process.StandardOutput.ReadLineAsync().WaitAsync(Limit) is { } line)
        {
            last = int.Parse(line, CultureInfo.InvariantCulture);
        }

        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < spin && !process.HasExited)
        {
            await Task.Yield();
        }

        process.Kill();
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(Limit) is { } line)
        {
            last = int.TryParse(line, CultureInfo.InvariantCulture, out var n) ? n : last;
        }

        await process.WaitForExitAsync().WaitAsync(Limit);
        var error = await process.StandardError.ReadToEndAsync();
        Assert.True(error.Length == 0, $"The writer failed before it was killed: {error}");
        return last;
    }

    private static Process Start(string directory, int first)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "exec", typeof(CrashWriter).Assembly.Location, CrashWriter.Command, directory, "main", first.ToString(CultureInfo.InvariantCulture),
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // Quick to start, which is most of its short life.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_TieredCompilation"] = "1";
        return Process.Start(start)!;
    }

    /// <summary>Opens the home that the killed process left, and looks at every change.</summary>
    /// <returns>How many are there, without a gap.</returns>
    private static async Task<int> CheckAsync(string directory, bool isVerified)
    {
        await using var home = await ReplicaHome.OpenAsync(new HomeOptions { Directory = directory });
        var space = home.GetSpace("main");
        var numbers = new List<long>();
        await foreach (var node in space.ListNodesAsync(new NodeFilter { Prefix = "crash/" }))
        {
            var fields = node.Fields.ToDictionary();
            var n = fields["n"].AsInteger();
            Assert.Equal(CrashWriter.NodeOf((int)n), node.Id);
            Assert.Equal(CrashWriter.PayloadOf((int)n), fields["payload"].AsString());
            numbers.Add(n);
        }

        numbers.Sort();
        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(static n => (long)n), numbers);
        Assert.Equal(numbers.Count + 1, (await space.GetStatusAsync()).Changes);
        if (isVerified)
        {
            await foreach (var step in space.VerifyAsync())
            {
                Assert.False(step is IntegrityEvent.Found, step.ToString());
            }
        }

        return numbers.Count;
    }
}
