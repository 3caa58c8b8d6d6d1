using System.Net;
using System.Net.Sockets;
using System.Text;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Commands;

/// <summary>Whatever is wrong with the input: one line that says what to do, the right exit code, and everything as it was.</summary>
public sealed class BadInputTests(BadInputHome home) : IClassFixture<BadInputHome>
{
    public static TheoryData<int, string> Lines => new()
    {
        { 2, "put a x" },
        { 2, "put a =1" },
        { 2, "put a x={bad" },
        { 2, "put a x=\"open" },
        { 2, "put a x=1 x=2" },
        { 2, "put a --fields [1]" },
        { 2, "put" },
        { 2, "put " + "LONG" },
        { 2, "nonsense" },
        { 2, "delte a" },
        { 2, "ls --typ t" },
        { 2, "ls --limit 0" },
        { 2, "ls --limit many" },
        { 2, "get a b" },
        { 2, "get --no-such" },
        { 2, "import" },
        { 2, "import f.csv" },
        { 2, "import f.csv --id a --from b" },
        { 2, "import f.unknown" },
        { 2, "import f.jsonl --batch 0" },
        { 2, "invite --role king" },
        { 2, "invite --expires soon" },
        { 2, "ls --space " },
        { 1, "invite --hint nonsense" },
        { 1, "invite --hint tcp://" + "LONG:1" },
        { 2, "run --listen nowhere" },
        { 2, "run --connect http://x" },
        { 1, "get nobody" },
        { 1, "delete nobody" },
        { 1, "link a knows nobody" },
        { 1, "link nobody knows a" },
        { 1, "unlink a knows a" },
        { 1, "get a --space none" },
        { 1, "put a x=1 --space ../up" },
        { 1, "init" },
        { 1, "init --space ../up" },
        { 1, "join replica1nonsense --space other" },
        { 1, "join nonsense --space other" },
        { 1, "import missing.jsonl" },
        { 1, "import bad.jsonl" },
        { 1, "import bad.csv --id a" },
        { 1, "import notgzip.jsonl.gz" },
        { 1, "import folder.jsonl" },
        { 1, "import f.jsonl bad.jsonl --batch 1 --space none" },
        { 1, "pause" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task A_wrong_command_changes_nothing(int code, string line)
    {
        var (state, files) = (home.Snapshot(), home.Home.Files());

        var arguments = line.Replace("LONG", new string('i', 257)).Split(' ');
        var outcome = await ReplicaProcess.RunAsync(["--dir", home.Home.Path, .. arguments], home.Home.Root);

        IsOneLine(outcome, code);
        Assert.Equal(state, home.Snapshot());
        Assert.Equal(files, home.Home.Files());
    }

    [Fact]
    public async Task A_bad_line_says_its_number_and_how_much_went_in()
    {
        using var own = await TemporaryHome.CreateAsync();
        var file = own.Write("f.jsonl", string.Concat(Enumerable.Range(1, 25).Select(static i => $"{{\"node\":\"n{i:d2}\"}}\n")) + "oops\n");

        var stopped = await own.RunAsync("import", file, "--batch", "10");
        var skipped = await own.RunAsync("import", file, "--skip-bad", "--json");

        IsOneLine(stopped, 1);
        Assert.Contains("f.jsonl line 26: ", stopped.Error);
        Assert.Contains("20 lines before it went in, in 2 transactions", stopped.Error);
        Assert.Equal(0, skipped.Code);
        Assert.Contains("\"nodes\":25,\"edges\":0,\"skipped\":1,", skipped.Output);
        Assert.Equal(25, (await own.DoAsync("ls")).Split('\n').Length - 1);
    }

    [Fact]
    public async Task A_directory_that_is_no_home_is_refused_and_stays_as_it_is()
    {
        using var own = new TemporaryHome();
        _ = Directory.CreateDirectory(own.Path);
        await File.WriteAllTextAsync(System.IO.Path.Combine(own.Path, "letter.txt"), "mine");
        var files = own.Files();

        foreach (var command in new[] { "ls", "run", "status", "state", "invite" })
        {
            IsOneLine(await own.RunAsync(command), 1);
        }

        IsOneLine(await own.RunAsync("join", "nonsense"), 1);
        Assert.Equal("mine", await File.ReadAllTextAsync(System.IO.Path.Combine(own.Path, "letter.txt")));
        Assert.Equal(files, own.Files().Where(static file => !file.EndsWith("lock", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_failed_join_leaves_no_home_behind()
    {
        using var own = new TemporaryHome();

        IsOneLine(await own.RunAsync("join", "nonsense"), 1);

        Assert.Empty(own.Files());
    }

    [Fact]
    public async Task A_space_of_a_newer_format_is_refused_and_not_touched()
    {
        using var own = await TemporaryHome.CreateAsync();
        var path = System.IO.Path.Combine(own.Path, "main.db");
        await using (var file = File.OpenWrite(path))
        {
            // Bytes 60 to 63 of an SQLite file are the version that its application gave it.
            file.Position = 63;
            file.WriteByte(99);
        }

        var (bytes, files) = (await File.ReadAllBytesAsync(path), own.Files());

        foreach (var line in new[] { "ls", "run", "put a x=1" })
        {
            var outcome = await own.RunAsync(line.Split(' '));
            IsOneLine(outcome, 1);
            Assert.Contains("REPLICA_NEWER_FORMAT", outcome.Error);
        }

        Assert.Equal(bytes, await File.ReadAllBytesAsync(path));
        Assert.Equal(files, own.Files());
    }

    [Fact]
    public async Task A_file_that_is_no_space_is_refused_and_not_touched()
    {
        using var own = await TemporaryHome.CreateAsync();
        var path = System.IO.Path.Combine(own.Path, "other.db");
        await File.WriteAllTextAsync(path, "Dear diary, this is not a database at all, but some text that is long enough for one.");
        var files = own.Files();

        IsOneLine(await own.RunAsync("ls"), 1);

        Assert.StartsWith("Dear diary", await File.ReadAllTextAsync(path));
        Assert.Equal(files, own.Files());
    }

    [Fact]
    public async Task A_port_in_use_is_refused()
    {
        using var own = await TemporaryHome.CreateAsync();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var files = own.Files();

        var outcome = await own.RunAsync("run", "--listen", $"tcp://{taken.LocalEndpoint}");

        IsOneLine(outcome, 1);
        Assert.Contains("REPLICA_ADDRESS_IN_USE", outcome.Error);
        Assert.Equal(files, own.Files());
    }

    [Fact]
    public async Task A_second_daemon_names_the_first()
    {
        using var own = await TemporaryHome.CreateAsync();
        await using var daemon = await Daemon.StartAsync(own);
        var files = own.Files();

        var outcome = await own.RunAsync("run");

        IsOneLine(outcome, 1);
        Assert.Contains("replica run", outcome.Error);
        Assert.Contains("REPLICA_LOCKED", outcome.Error);
        Assert.Equal(files, own.Files());
        Assert.Equal("", await own.DoAsync("ls"));
    }

    [Fact]
    public async Task A_peer_that_is_no_Replica_is_named_in_the_status_and_harms_nothing()
    {
        using var own = await TemporaryHome.CreateAsync();
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        var state = await own.DoAsync("state");
        await using var daemon = await Daemon.StartAsync(own, "--connect", $"tcp://{stranger.LocalEndpoint}");
        using var socket = await stranger.AcceptSocketAsync().WaitAsync(ReplicaProcess.Limit);
        _ = await socket.SendAsync(Encoding.ASCII.GetBytes("220 mail.example ESMTP, this is not what you expected to find here\r\n"));

        var log = await daemon.LogWithAsync("Can't reach");

        Assert.Contains("warning", log);
        Assert.Equal(state, await own.DoAsync("state"));
        Assert.Equal(0, (await daemon.StopAsync()).Code);
    }

    [Fact]
    public async Task A_fault_shows_its_trace_only_when_asked()
    {
        using var own = await TemporaryHome.CreateAsync();

        var outcome = await ReplicaProcess.RunAsync(["--dir", own.Path, "get", "nobody"], null, ("REPLICA_DEBUG", "1"));

        Assert.NotEqual(0, outcome.Code);
        Assert.Contains("   at ", outcome.Error);
    }

    private static void IsOneLine(Outcome outcome, int code)
    {
        Assert.True(outcome.Code == code, $"ended with {outcome.Code}, not {code}: {outcome.Error}{outcome.Output}");
        Assert.Equal("", outcome.Output);
        Assert.StartsWith("replica: ", Assert.Single(outcome.ErrorLines));
        Assert.DoesNotContain("   at ", outcome.Error);
        Assert.Equal(code == 1, outcome.Error.Contains("(REPLICA_", StringComparison.Ordinal));
    }
}
