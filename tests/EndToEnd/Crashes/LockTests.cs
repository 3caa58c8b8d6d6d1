using System.Diagnostics;
using Replica.Peer.Host;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Crashes;

/// <summary>Two processes and one home.</summary>
public sealed class LockTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task F14_a_second_process_is_refused_within_a_second_and_told_who_holds_the_home(bool isLockDeleted)
    {
        using var home = await TemporaryHome.CreateAsync();
        await using var daemon = await Daemon.StartAsync(home);
        if (isLockDeleted)
        {
            File.Delete(Path.Combine(home.Path, "lock"));
        }

        var clock = Stopwatch.StartNew();
        var refused = await Assert.ThrowsAsync<ReplicaException>(() => ReplicaHome.OpenAsync(new HomeOptions { Directory = home.Path }));

        Assert.True(clock.Elapsed < Second, clock.Elapsed.ToString());
        Assert.Equal("REPLICA_LOCKED", refused.Code);
        Assert.Contains("replica run (process ", refused.Message);
        _ = await home.DoAsync("put", "a");
    }

    [Fact]
    public async Task F14_a_second_daemon_is_refused_and_a_killed_one_leaves_no_lock_behind()
    {
        using var home = await TemporaryHome.CreateAsync();
        await using (var first = await Daemon.StartAsync(home))
        {
            var second = await home.RunAsync("run");
            Assert.Equal(1, second.Code);
            Assert.Contains("replica run (process ", second.Error);
            Assert.Contains("REPLICA_LOCKED", second.Error);
            _ = await home.DoAsync("put", "a");
            _ = await first.StopAsync("KILL");
        }

        await using var next = await Daemon.StartAsync(home);
        Assert.Equal("a\n", await home.DoAsync("ls"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task F14_a_copy_opened_elsewhere_needs_no_lock_of_the_original(bool isCopyFirst)
    {
        using var home = await TemporaryHome.CreateAsync();
        _ = await home.DoAsync("put", "a");
        var copy = home.Path + "-copy";
        CopyHome(home.Path, copy);
        var (first, second) = isCopyFirst ? (copy, home.Path) : (home.Path, copy);
        await using var one = await ReplicaHome.OpenAsync(new HomeOptions { Directory = first });

        await using var other = await ReplicaHome.OpenAsync(new HomeOptions { Directory = second });

        Assert.NotNull(await one.GetSpace("main").GetNodeAsync("a"));
        Assert.NotNull(await other.GetSpace("main").GetNodeAsync("a"));
    }

    private static void CopyHome(string from, string to)
    {
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories).Prepend(from))
        {
            var target = to + folder[from.Length..];
            _ = OperatingSystem.IsWindows()
                ? Directory.CreateDirectory(target)
                : Directory.CreateDirectory(target, File.GetUnixFileMode(folder));
            foreach (var file in Directory.EnumerateFiles(folder))
            {
                File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
            }
        }
    }
}
