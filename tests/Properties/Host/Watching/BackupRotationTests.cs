using Microsoft.Extensions.Logging.Abstractions;
using Replica.Peer.Host;
using Replica.Tests.Properties.Net;
using Replica.Tests.Properties.Transport;
using Xunit;

namespace Replica.Tests.Properties.Host.Watching;

/// <summary>Backups that a home makes by itself: when they are due, how many stay, whose they are.</summary>
public sealed class BackupRotationTests : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly string _root = Directory.CreateTempSubdirectory("replica-rotation-").FullName;
    private readonly ManualTime _time = new();
    private ReplicaHome? _home;

    private string Folder => Path.Combine(_root, "backups");

    [Fact]
    public async Task A_backup_is_made_at_the_start_and_then_whenever_one_is_due_and_the_oldest_go()
    {
        var home = await OpenAsync(keep: 2);
        _ = await home.CreateSpaceAsync("main");

        for (var i = 1; i <= 4; i++)
        {
            var due = Started + TimeSpan.FromHours(i - 1);
            await AdvanceUntilAsync(i == 1 ? TimeSpan.FromSeconds(1) : TimeSpan.FromHours(1), () => StatusAsync(home), status => status?.LastAt >= due);
            Assert.Equal(Math.Min(i, 2), Files().Length);
        }

        var status = await StatusAsync(home);
        Assert.Null(status!.Failure);
        Assert.Equal(status.LastFile, Files().Max());
        Assert.Equal(status.LastAt + TimeSpan.FromHours(1), status.NextAt);
    }

    [Fact]
    public async Task A_home_that_is_opened_again_counts_from_the_newest_file_that_is_there()
    {
        var home = await OpenAsync();
        _ = await home.CreateSpaceAsync("main");
        await AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => StatusAsync(home), static status => status?.LastFile is not null);
        var first = await StatusAsync(home);
        await home.DisposeAsync();

        home = await OpenAsync();
        await AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => StatusAsync(home), static status => status is not null);

        var again = await StatusAsync(home);
        Assert.Equal(first!.LastFile, again!.LastFile);
        Assert.Equal(first.LastAt!.Value.ToUnixTimeSeconds() + 3600, again.NextAt.ToUnixTimeSeconds());
        _ = Assert.Single(Files());
    }

    [Fact]
    public async Task Only_its_own_files_are_removed()
    {
        var home = await OpenAsync(keep: 1);
        var space = await home.CreateSpaceAsync("main");
        _ = Directory.CreateDirectory(Folder);
        var (id, device) = (space.Id.ToString()[..12], home.Device.ToString()[..12]);
        string[] others =
        [
            "letter.txt", "main.backup", $"main-{id}-{device}-yesterday.backup", $"main-{id}-000000000000-20200101T000000Z.backup",
            $"main-000000000000-{device}-20200101T000000Z.backup", $"other-{id}-{device}-20200101T000000Z.backup",
            $"main-{id}-{device}-20200101T000000Z.backup.txt",
        ];
        // The clock here stands in 1970: one is old, one of a clock that went wrong, one half done.
        string[] own =
        [
            $"main-{id}-{device}-19600101T000000Z.backup", $"main-{id}-{device}-20190101T000000Z.backup", $"main-{id}-{device}-19690102T000000Z.backup.partial",
        ];
        foreach (var name in others.Concat(own))
        {
            await File.WriteAllTextAsync(Path.Combine(Folder, name), "mine");
        }

        await AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => StatusAsync(home), static status => status?.LastAt is { Year: 1970 });

        var names = Directory.GetFiles(Folder).Select(Path.GetFileName).ToArray();
        Assert.All(others, name => Assert.Contains(name, names));
        Assert.All(own, name => Assert.DoesNotContain(name, names));
        Assert.Equal(others.Length + 1, names.Length);
    }

    [Fact]
    public async Task What_can_not_be_saved_is_logged_told_by_status_and_doctor_and_tried_again()
    {
        await File.WriteAllTextAsync(Folder, "a file where the folder should be");
        var log = new RecordedLog();
        var home = await OpenAsync(log: log);
        _ = await home.CreateSpaceAsync("main");

        await AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => StatusAsync(home), static status => status?.Failure is not null);

        var failed = await StatusAsync(home);
        Assert.Contains("REPLICA_", failed!.Failure);
        Assert.InRange(failed.NextAt - _time.GetUtcNow(), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(15));
        await log.Logged(41).WaitAsync(s_limit);
        Assert.Contains(Doctor.Examine(await home.LookAroundAsync(isDaemon: false)), static one => one.Code == "REPLICA_BACKUP_FAILED");
        File.Delete(Folder);
        await AdvanceUntilAsync(TimeSpan.FromMinutes(15), () => StatusAsync(home), static status => status is { Failure: null, LastFile: not null });
        Assert.DoesNotContain(Doctor.Examine(await home.LookAroundAsync(isDaemon: false)), static one => one.Code == "REPLICA_BACKUP_FAILED");
    }

    [Fact]
    public async Task A_backup_can_be_restored_and_a_second_one_at_once_is_refused()
    {
        var home = await OpenAsync();
        var space = await home.CreateSpaceAsync("main");
        await using (var running = space.BackupAsync(Path.Combine(_root, "a.backup")).GetAsyncEnumerator())
        {
            _ = await running.MoveNextAsync();
            var busy = await Assert.ThrowsAsync<ReplicaException>(async () =>
            {
                await foreach (var _ in space.BackupAsync(Path.Combine(_root, "b.backup")))
                {
                }
            });
            Assert.Equal("REPLICA_BUSY", busy.Code);
        }

        await foreach (var _ in space.BackupAsync(Path.Combine(_root, "b.backup")))
        {
        }

        Assert.True(File.Exists(Path.Combine(_root, "b.backup")));
        Assert.False(File.Exists(Path.Combine(_root, "a.backup.partial")));
    }

    public async ValueTask DisposeAsync()
    {
        await (_home?.DisposeAsync() ?? ValueTask.CompletedTask);
        Directory.Delete(_root, recursive: true);
    }

    private DateTimeOffset Started { get; set; }

    private string[] Files() => Directory.Exists(Folder) ? Directory.GetFiles(Folder, "*.backup") : [];

    private static async Task<BackupStatus?> StatusAsync(ReplicaHome home) => (await home.GetStatusAsync()).Spaces[0].Backup;

    private async Task<ReplicaHome> OpenAsync(int keep = 7, RecordedLog? log = null)
    {
        Started = _time.GetUtcNow();
        return _home = await ReplicaHome.OpenOrCreateAsync(new HomeOptions
        {
            Directory = Path.Combine(_root, "home"),
            Time = _time,
            Loggers = log is null ? NullLoggerFactory.Instance : log,
            Backups = new BackupRotation { Directory = Folder, Every = TimeSpan.FromHours(1), Keep = keep },
        });
    }

    /// <summary>Moves the clock on, and again a little until the keeper has come round: it works on a thread of its own.</summary>
    private async Task AdvanceUntilAsync(TimeSpan by, Func<Task<BackupStatus?>> ask, Predicate<BackupStatus?> isDue)
    {
        _time.Advance(by);
        var end = TimeProvider.System.GetTimestamp() + (long)(s_limit.TotalSeconds * TimeProvider.System.TimestampFrequency);
        while (!isDue(await ask()))
        {
            Assert.True(TimeProvider.System.GetTimestamp() < end, "The backup never came.");
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
    }
}
