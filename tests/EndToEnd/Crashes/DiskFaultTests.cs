using System.Globalization;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Crashes;

/// <summary>Disks that are full, read-only, gone or damaged, as a user meets them: one line with a code and what to do.</summary>
public sealed class DiskFaultTests
{
    [NamespaceFact]
    public async Task F6_a_full_disk_is_named_reads_go_on_and_writes_do_once_there_is_room()
    {
        using var home = new TemporaryHome();
        _ = Directory.CreateDirectory(home.Path);

        var outcome = await Shell.RunAsync(home, isInNamespace: true, """
            mount -t tmpfs -o size=2m none "$HOME_DIR"
            replica init > init.txt
            daemon > run.txt & daemon=$!
            until [ -s run.txt ]; do read -t 0.1 < <(:); done
            replica dev write 100000 --size 4000 > acks.txt 2> full.txt
            replica dev write 1 --size 8000 2> again.txt
            replica ls --prefix write/ | wc -l > read.txt
            replica doctor > doctor.txt
            mount -o remount,size=4m "$HOME_DIR"
            replica put room now=true > room.txt
            replica status > status.txt
            kill $daemon; wait $daemon
            replica verify > verify.txt
            """);

        Assert.True(outcome.Code == 0, outcome.Error);
        var acknowledged = Lines(home, "acks.txt").Length;
        Assert.True(acknowledged > 10, $"{acknowledged} acknowledged");
        Assert.Contains("is full: free some space and try again", Text(home, "full.txt"));
        Assert.Contains("REPLICA_DISK_FULL", Text(home, "full.txt"));
        Assert.Contains("REPLICA_DISK_FULL", Text(home, "again.txt"));
        Assert.Contains("REPLICA_DISK_LOW", Text(home, "doctor.txt"));
        // The acknowledged ones and the run's counter.
        Assert.Equal(acknowledged + 1, int.Parse(Text(home, "read.txt"), CultureInfo.InvariantCulture));
        Assert.StartsWith("change ", Text(home, "room.txt"));
        Assert.Contains($"{acknowledged + 2} nodes", Text(home, "status.txt"));
        Assert.StartsWith("ok", Text(home, "verify.txt"));
    }

    [NamespaceFact]
    public async Task F6_a_read_only_disk_is_named()
    {
        using var home = await TemporaryHome.CreateAsync();

        var outcome = await Shell.RunAsync(home, isInNamespace: true, """
            mount --bind "$HOME_DIR" "$HOME_DIR" && mount -o remount,ro,bind "$HOME_DIR"
            replica put a
            """);

        Assert.Equal(1, outcome.Code);
        Assert.Single(outcome.ErrorLines);
        Assert.Contains("REPLICA_READ_ONLY", outcome.Error);
    }

    [NamespaceTheory]
    [InlineData("", "closed in good order")]
    [InlineData("kill -9 $daemon; wait $daemon 2>&-", "left by a killed process")]
    [InlineData("kill -9 $daemon; wait $daemon 2>&-; rm \"$HOME_DIR/main.db-shm\"", "a copy of what a killed process left")]
    public async Task F6_a_read_only_home_is_read_checked_and_saved_and_every_write_says_why_not(string kill, string state)
    {
        using var home = await TemporaryHome.CreateAsync();

        var outcome = await Shell.RunAsync(home, isInNamespace: true, $$"""
            if [ -n '{{kill}}' ]; then
              daemon > run.txt & daemon=$!
              until [ -s run.txt ]; do read -t 0.1 < <(:); done
            fi
            replica put a title=first
            replica put b title=second
            replica link a knows b
            {{kill}}
            mount --bind "$HOME_DIR" "$HOME_DIR" && mount -o remount,ro,bind "$HOME_DIR"
            ls "$HOME_DIR" > before.txt
            replica get a > get.txt && replica ls > ls.txt && replica edges > edges.txt && replica status > status.txt &&
            replica state > state.txt && replica log > log.txt && replica verify > verify.txt && replica backup saved &&
            replica doctor > doctor.txt && replica export > export.txt || echo "something failed" >&2
            ls "$HOME_DIR" > after.txt
            replica put c 2> put.txt
            replica init --space more 2> init.txt
            replica run --no-lan 2> run2.txt
            replica repair 2> repair.txt
            replica identity renew 2> renew.txt
            exit 0
            """);

        Assert.True(outcome.Error.Length == 0, $"{state}: {outcome.Error}");
        Assert.Contains("title = first", Text(home, "get.txt"));
        Assert.Equal(2, Lines(home, "ls.txt").Length);
        Assert.Contains("knows", Text(home, "edges.txt"));
        Assert.Contains("can't be written", Text(home, "status.txt"));
        Assert.Contains("second", Text(home, "state.txt"));
        Assert.StartsWith("ok", Text(home, "verify.txt"));
        Assert.Contains("REPLICA_READ_ONLY", Text(home, "doctor.txt"));
        Assert.Equal(Text(home, "before.txt"), Text(home, "after.txt"));
        foreach (var refused in new[] { "put", "init", "run2", "repair", "renew" })
        {
            Assert.True(Text(home, refused + ".txt").Contains("REPLICA_READ_ONLY", StringComparison.Ordinal), $"{refused}: {Text(home, refused + ".txt")}");
            Assert.Single(Lines(home, refused + ".txt"));
        }

        using var other = new TemporaryHome();
        Assert.Equal(0, (await ReplicaProcess.RunAsync(["restore", Path.Combine(home.Root, "saved"), other.Path])).Code);
        Assert.Contains("second", await other.DoAsync("state"));
    }

    [Fact]
    public async Task F6_a_limit_on_file_size_is_named_and_nothing_acknowledged_is_lost()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var home = await TemporaryHome.CreateAsync();

        // The runtime itself maps a large file when it may write and execute memory.
        var outcome = await Shell.RunAsync(home, isInNamespace: false, """
            trap '' XFSZ
            export DOTNET_EnableWriteXorExecute=0
            (ulimit -f 400; replica dev write 100000 --size 2000)
            """);

        Assert.Equal(1, outcome.Code);
        Assert.Contains("the limit on file size is reached", outcome.Error);
        Assert.Contains("REPLICA_DISK_FULL", outcome.Error);
        Assert.NotEmpty(outcome.Lines);
        Assert.Contains($"{outcome.Lines.Length + 1} nodes", await home.DoAsync("status"));
        _ = await home.DoAsync("dev", "write", "1");
    }

    [Fact]
    public async Task F6_a_home_that_is_removed_while_it_is_written_to_stops_acknowledging()
    {
        using var home = await TemporaryHome.CreateAsync();
        using var process = ReplicaProcess.Start(["--dir", home.Path, "dev", "write", "100000000"]);
        var error = process.StandardError.ReadToEndAsync();
        var lines = 0;
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(ReplicaProcess.Limit) is not null)
        {
            if (++lines == 5)
            {
                Directory.Move(home.Path, home.Path + ".away");
            }
        }

        await process.WaitForExitAsync();

        Assert.Equal(1, process.ExitCode);
        Assert.Contains("was removed or replaced while it was open", await error);
        Assert.Contains("REPLICA_STORE_LOST", await error);
        Directory.Move(home.Path + ".away", home.Path);
        Assert.Contains($"{lines + 1} nodes", await home.DoAsync("status"));
    }

    [Fact]
    public async Task F6_a_key_that_others_may_read_is_named_with_the_remedy()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var home = await TemporaryHome.CreateAsync();
        var key = Path.Combine(home.Path, "keys", "device.key");
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        var outcome = await home.RunAsync("put", "a");

        Assert.Equal(1, outcome.Code);
        Assert.Contains("chmod 600", outcome.Error);
        Assert.Contains("REPLICA_KEY_EXPOSED", outcome.Error);
    }

    [Fact]
    public async Task F7_a_corrupt_page_is_named_and_the_rest_is_served()
    {
        using var home = await TemporaryHome.CreateAsync();
        var written = await home.RunAsync("dev", "write", "60", "--size", "3000");
        var run = written.ErrorLines[0].Split(' ')[^1][..^"/60".Length];
        var database = Path.Combine(home.Path, "main.db");
        var bytes = await File.ReadAllBytesAsync(database);
        var page = FindPage(bytes, "-1/30.");
        bytes.AsSpan(page * 4096, 100).Fill(0xff);
        await File.WriteAllBytesAsync(database, bytes);
        var damaged = await home.RunAsync("get", $"{run}/30");

        Assert.Equal(1, damaged.Code);
        Assert.Contains("is damaged", damaged.Error);
        Assert.Contains("REPLICA_CORRUPT", damaged.Error);
        foreach (var list in new[] { "ls", "state", "export" })
        {
            var broken = await home.RunAsync(list);
            Assert.Equal(1, broken.Code);
            Assert.Contains("REPLICA_CORRUPT", broken.Error);
            Assert.Contains("replica repair", broken.Error);
            Assert.DoesNotContain("problem", broken.Output);
        }

        Assert.Contains("n = 5", await home.DoAsync("get", $"{run}/5"));
        _ = await home.DoAsync("put", "new");
        Assert.Equal(1, (await home.RunAsync("verify")).Code);
    }

    /// <summary>The page of the table of nodes that holds a text: the last one, behind those of the log.</summary>
    private static int FindPage(byte[] database, string text) =>
        database.AsSpan().LastIndexOf(System.Text.Encoding.ASCII.GetBytes(text)) / 4096;

    private static string Text(TemporaryHome home, string name) => File.ReadAllText(Path.Combine(home.Root, name));

    private static string[] Lines(TemporaryHome home, string name) => Text(home, name).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
