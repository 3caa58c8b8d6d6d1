using System.Text;
using Replica.Testing.Scenarios;
using Replica.Tests.Properties.House;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Scenarios;

/// <summary>The stories in <c>data</c>, whose outcomes were computed by hand, on the real merge and the real stores.</summary>
public sealed class ScenarioTests(ITestOutputHelper output)
{
    private const string Folder = "tests/Properties/Scenarios/data";

    public static TheoryData<string> Small =>
        new("fields", "deletes", "edges", "tree", "delivery", "clocks", "values", "backups", "order");

    [Theory]
    [MemberData(nameof(Small))]
    public void Every_scenario_holds_in_memory(string file) => AssertAllHold(file + ".json", null);

    [Theory]
    [MemberData(nameof(Small))]
    public void Every_scenario_holds_on_SQLite(string file)
    {
        var folder = Directory.CreateTempSubdirectory("replica-scenarios-").FullName;
        try
        {
            AssertAllHold(file + ".json", folder);

            Assert.Empty(Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Every_random_history_holds() => AssertAllHold("random-200.jsonl", null);

    [Fact]
    public void A_wrong_outcome_fails_and_says_what_was_visible()
    {
        var result = Run("""
            {"id":"x","replicas":["a","b"],"steps":[
              {"do":"put","at":"a","node":"n","fields":{"v":1}},
              {"do":"sync","from":"a","to":"b"},
              {"assert":"node","at":"*","node":"n","fields":{"v":2}}]}
            """);

        Assert.Equal(ScenarioOutcome.Failed, result.Outcome);
        Assert.Equal(
            """{"id":"x","result":"failed","missing":[],"step":2,"expected":{"v":2},"actual":{"a":{"v":1}}}""", result.ToJson());
    }

    [Theory]
    [InlineData("""{"assert":"converged"}""")]
    [InlineData("""{"assert":"absent","at":"a","node":"n"}""")]
    [InlineData("""{"assert":"node","at":"b","node":"n","fields":{"v":1}}""")]
    [InlineData("""{"assert":"node","at":"a","node":"n","fields":{"v":1.0}}""")]
    [InlineData("""{"assert":"nodes","at":"a","nodes":["n","m"]}""")]
    [InlineData("""{"assert":"edge","at":"a","edge":["n","r","n"],"visible":false}""")]
    [InlineData("""{"assert":"edge","at":"a","edge":["n","r","n"],"visible":true,"fields":{}}""")]
    [InlineData("""{"assert":"out","at":"a","node":"n","rel":"r","to":[]}""")]
    [InlineData("""{"assert":"state","at":"a","nodes":{"n":{"v":1}},"edges":[],"tree":{}}""")]
    [InlineData("""{"assert":"state","at":"a","nodes":{"n":{}},"edges":[["n","r","n"]],"tree":{}}""")]
    [InlineData("""{"assert":"tree","at":"a","parents":{"n":null}}""")]
    [InlineData("""{"assert":"unchanged","at":"a","since":"empty"}""")]
    [InlineData("""{"assert":"children-count","parent":"n","count":1}""")]
    [InlineData("""{"assert":"contiguous","parent":"n","nodes":["m"]}""")]
    [InlineData("""{"assert":"fork-reported","at":"a","author":"b"}""")]
    [InlineData("""{"assert":"no such assertion","at":"a"}""")]
    [InlineData("""{"do":"no such step","at":"a"}""")]
    [InlineData("""{"do":"set","at":"nobody","node":"n","field":"v","value":1}""")]
    [InlineData("""{"do":"permute","ops":["1"],"expect":{"nodes":{}}}""")]
    public void Each_assertion_can_fail(string last)
    {
        var result = Run($$"""
            {"id":"x","replicas":["a","b"],"steps":[
              {"do":"mark","at":"a","as":"empty"},
              {"do":"put","at":"a","node":"n","fields":{"v":1},"op":"1"},
              {"do":"link","at":"a","edge":["n","r","n"],"fields":{"w":true} },
              {{last}}]}
            """);

        Assert.Equal((ScenarioOutcome.Failed, 3), (result.Outcome, result.Step));
    }

    [Fact]
    public void Holds_are_on_only_where_a_scenario_names_them()
    {
        const string steps = """
            [{"do":"skew","at":"b","ms":400000},
             {"do":"put","at":"b","node":"n","fields":{}},
             {"do":"sync","from":"b","to":"a"},
             {"assert":"node","at":"a","node":"n","fields":{},"when":{"clock":"accept"}},
             {"assert":"absent","at":"a","node":"n","when":{"clock":"bounded"}}]
            """;

        Assert.Equal(ScenarioOutcome.Ok, Run($$"""{"id":"both","replicas":["a","b"],"steps":{{steps}}}""").Outcome);
        Assert.Equal(
            ScenarioOutcome.Failed,
            Run($$"""{"id":"x","replicas":["a","b"],"steps":{{steps.Replace("\"bounded\"", "\"accept\"", StringComparison.Ordinal)}}}""").Outcome);
    }

    [Fact]
    public void What_the_runner_lacks_is_named()
    {
        var result = Run("""{"id":"x","replicas":["a"],"needs":["bulk","telepathy"],"steps":[]}""");

        Assert.Equal(ScenarioOutcome.Skipped, result.Outcome);
        Assert.Equal(["telepathy"], result.Missing);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("sqlite")]
    public void F13_a_clone_a_wiped_and_a_restored_replica_go_on_in_new_logs_and_lose_nothing(string? kind)
    {
        var folder = kind is null ? null : Directory.CreateTempSubdirectory("replica-scenario-").FullName;
        var result = Run("""
            {"id":"x","replicas":["a","b"],"needs":["backup"],"steps":[
              {"do":"put","at":"a","node":"n","fields":{"v":1}},
              {"do":"syncAll"},
              {"do":"backup","at":"a","as":"s"},
              {"do":"clone","from":"a","as":"a2"},
              {"do":"put","at":"a","node":"by-a","fields":{}},
              {"do":"put","at":"a2","node":"by-a2","fields":{}},
              {"do":"sync","from":"a","to":"b"},
              {"do":"wipe","at":"b","keep":"identity"},
              {"do":"put","at":"b","node":"by-b","fields":{}},
              {"do":"restore","at":"a","from":"s"},
              {"do":"put","at":"a","node":"by-a-again","fields":{}},
              {"do":"syncAll"},
              {"assert":"converged"},
              {"assert":"nodes","at":"*","nodes":["n","by-a2","by-a-again","by-b"]},
              {"do":"wipe","at":"b","keep":"nothing"},
              {"do":"syncAll"},
              {"assert":"converged"},
              {"do":"put","at":"b","node":"by-new-b","fields":{}},
              {"do":"crash","at":"a"},
              {"do":"put","at":"a","node":"after-crash","fields":{}},
              {"do":"syncAll"},
              {"assert":"converged"},
              {"assert":"nodes","at":"*","nodes":["n","by-a2","by-a-again","by-b","by-new-b","after-crash"]}]}
            """, folder);

        Assert.True(result.Outcome == ScenarioOutcome.Ok, result.ToJson());
        if (folder is not null)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_scenario_for_engines_with_another_policy_is_skipped() => Assert.Equal(
        ScenarioOutcome.Skipped, Run("""{"id":"x","replicas":["a"],"when":{"delete":"remove-wins"},"steps":[]}""").Outcome);

    [Fact]
    public void Repetitions_and_big_texts_are_put_in() => Assert.Equal(ScenarioOutcome.Ok, Run("""
        {"id":"x","replicas":["a"],"steps":[
          {"do":"repeat","times":2,"steps":[{"do":"put","at":"a","node":"n$i","fields":{"f$i":"$i","$int":{"$int":"7"},"big":"$big:ä:3"}}]},
          {"assert":"state","at":"a","nodes":{"n0":{"f0":0,"$int":7,"big":"äää"},"n1":{"f1":1,"$int":7,"big":"äää"}},"edges":[],"tree":{}}]}
        """).Outcome);

    [Fact]
    public void The_first_replica_has_the_least_log_and_a_later_one_a_greater() => Assert.Equal(ScenarioOutcome.Ok, Run("""
        {"id":"x","replicas":["z","b"],"steps":[
          {"do":"put","at":"z","node":"n","fields":{}},
          {"do":"join","replica":"a"},
          {"do":"syncAll"},
          {"do":"set","at":"a","node":"n","field":"v","value":"a","t":5000000},
          {"do":"set","at":"b","node":"n","field":"v","value":"b","t":5000000},
          {"do":"set","at":"z","node":"n","field":"v","value":"z","t":5000000},
          {"do":"sync","from":"b","to":"z"},
          {"assert":"node","at":"z","node":"n","fields":{"v":"b"}},
          {"do":"syncAll"},
          {"assert":"node","node":"n","fields":{"v":"a"}}]}
        """).Outcome);

    [Theory]
    [InlineData("nothing", false)]
    [InlineData("{}", false)]
    [InlineData("""{"format":"replica-scenarios/2","scenarios":[]}""", false)]
    [InlineData("""{"format":"replica-scenarios/1","scenarios":[{"id":"x"}]}""", false)]
    [InlineData("""{"id":"x","replicas":["a","a"],"steps":[]}""", true)]
    [InlineData("""{"id":"x","replicas":["a"]}""", true)]
    public void A_file_that_is_not_of_the_format_is_refused(string content, bool isLines) =>
        Assert.Throws<ScenarioException>(() => ScenarioFile.Read(Encoding.UTF8.GetBytes(content), isLines));

    private static ScenarioResult Run(string scenario, string? folder = null) => ScenarioRunner.Run(
        ScenarioFile.Read(Encoding.UTF8.GetBytes(scenario.ReplaceLineEndings(" ")), isLines: true).Single(), new() { StoreFolder = folder });

    private void AssertAllHold(string file, string? folder)
    {
        var scenarios = ScenarioFile.Read(File.ReadAllBytes(RepoRoot.Combine($"{Folder}/{file}")), isLines: file.EndsWith(".jsonl", StringComparison.Ordinal));
        var results = scenarios.Select(scenario => ScenarioRunner.Run(scenario, new() { StoreFolder = folder })).ToList();
        output.WriteLine(string.Join('\n', results.GroupBy(result => result.Outcome).Select(group => $"{group.Key}: {group.Count()}")));

        Assert.NotEmpty(results);
        Assert.Empty(results.Where(result => result.Outcome == ScenarioOutcome.Failed).Select(result => result.ToJson()));
        Assert.Empty(results.SelectMany(result => result.Missing));
        Assert.All(results, result => Assert.True(result.Outcome != ScenarioOutcome.Skipped || result.Missing.Count > 0, result.ToJson()));
    }
}
