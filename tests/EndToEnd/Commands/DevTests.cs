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

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
