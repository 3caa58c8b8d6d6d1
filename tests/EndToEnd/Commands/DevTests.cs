using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Commands;

/// <summary>The commands for developers: a line of JSON for each thing, and a code that says whether all went well.</summary>
public sealed class DevTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("replica-dev-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("memory")]
    [InlineData("sqlite")]
    public async Task Scenarios_give_a_line_each_and_fail_the_command_if_one_fails(string store)
    {
        var good = """{"id":"good","replicas":["a"],"steps":[{"do":"put","at":"a","node":"n"},{"do":"crash","at":"a"},"""
            + """{"assert":"nodes","nodes":["n"]}]}""";
        var bad = """{"id":"bad","replicas":["a"],"steps":[{"assert":"nodes","nodes":["n"]}]}""";
        var file = Write("stories.jsonl", good + "\n" + bad + "\n");

        var outcome = await ReplicaProcess.RunAsync(["dev", "scenario", file, "--json", "--store", store]);

        Assert.Equal(1, outcome.Code);
        Assert.Equal(
            [
                """{"id":"good","result":"ok","missing":[],"step":null,"expected":null,"actual":null}""",
                """{"id":"bad","result":"failed","missing":[],"step":0,"expected":["n"],"actual":{"a":[]}}""",
            ],
            outcome.Lines.Where(static line => line.Length > 0));
        Assert.Contains("REPLICA_SCENARIO_FAILED", outcome.Error);
    }

    [Fact]
    public async Task Encodings_are_judged_line_by_line()
    {
        var outcome = await ReplicaProcess.RunAsync(["dev", "msgpack", Write("inputs.txt", "93 01 cb3ff8000000000000 c0\ncc01\n")]);

        Assert.Equal(0, outcome.Code);
        Assert.Equal("""{"id":"line 1","result":"accepted","value":[1,1.5,null]}""", outcome.Lines[0]);
        Assert.StartsWith("""{"id":"line 2","result":"refused","reason":"Bad MessagePack at byte 2""", outcome.Lines[1]);
    }

    [Theory]
    [InlineData("scenario", "{}", "REPLICA_SCENARIO_UNREADABLE")]
    [InlineData("msgpack", "no hex", "REPLICA_INPUT_UNREADABLE")]
    [InlineData("msgpack", "{\"cases\":[{}]}", "REPLICA_INPUT_UNREADABLE")]
    public async Task A_file_of_another_kind_is_named(string command, string content, string code)
    {
        var outcome = await ReplicaProcess.RunAsync(["dev", command, Write("file.json", content)]);

        Assert.Equal(1, outcome.Code);
        Assert.Contains(code, outcome.Error);
    }

    [Fact]
    public async Task Written_changes_are_acknowledged_one_by_one_and_say_which_they_are()
    {
        using var home = await TemporaryHome.CreateAsync();

        var first = await home.RunAsync("dev", "write", "3", "--size", "20");
        var second = await home.RunAsync("dev", "write", "2", "--json");

        Assert.Equal(["ack 1", "ack 2", "ack 3"], first.Lines);
        var node = first.ErrorLines[0].Split(' ')[^1];
        var run = node.Split('/')[1];
        var payload = string.Concat(Enumerable.Repeat($"{run}/3.", 20))[..20];
        Assert.Contains($"\"fields\":{{\"n\":3,\"payload\":\"{payload}\"}}", await home.DoAsync("get", node, "--json"));
        Assert.Equal(2, second.Lines.Length);
        Assert.Contains($"\"ack\":2,\"node\":\"write/{run[..^1]}2/2\"", second.Lines[1]);
        Assert.Contains("6 nodes, 0 edges, 6 changes", await home.DoAsync("status"));
    }

    [Fact]
    public async Task Writing_goes_through_a_daemon_if_one_runs_and_is_stopped_in_order()
    {
        using var home = await TemporaryHome.CreateAsync();
        await using var daemon = await Daemon.StartAsync(home);
        using var process = ReplicaProcess.Start(["--dir", home.Path, "dev", "write", "100000000"]);
        var acknowledged = 0;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            Assert.Equal($"ack {++acknowledged}", line);
            if (acknowledged == 5)
            {
                await ReplicaProcess.SignalAsync(process, "INT");
            }
        }

        await process.WaitForExitAsync();

        Assert.Equal(1, process.ExitCode);
        Assert.Contains("REPLICA_STOPPED", await process.StandardError.ReadToEndAsync());
        Assert.Contains($"{acknowledged + 1} nodes, 0 edges, {acknowledged + 1} changes", await home.DoAsync("status"));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("many")]
    [InlineData("1", "--size", "262140")]
    public async Task A_count_or_size_out_of_range_is_refused(params string[] arguments)
    {
        var outcome = await ReplicaProcess.RunAsync(["--dir", _folder, "dev", "write", .. arguments]);

        Assert.Equal(2, outcome.Code);
        Assert.Contains("is not a whole number from 1 to", outcome.Error);
    }

    [Fact]
    public async Task Durability_is_chosen_with_the_space_or_for_a_run_and_shown()
    {
        using var home = new TemporaryHome();
        _ = await home.DoAsync("init", "--durability", "relaxed");
        Assert.Contains("durability relaxed", await home.DoAsync("status"));

        await using (var daemon = await Daemon.StartAsync(home, "--durability", "full"))
        {
            Assert.Contains("\"durability\":\"full\"", await home.DoAsync("status", "--json"));
        }

        Assert.Contains("durability relaxed", await home.DoAsync("status"));
        Assert.Equal(2, (await home.RunAsync("init", "--space", "x", "--durability", "some")).Code);
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
