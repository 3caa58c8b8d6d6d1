using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Integrity;

/// <summary><c>verify</c> as a process, with and without a daemon, and the views for other tools.</summary>
public sealed class VerifyTests
{
    [Fact]
    public async Task A_sound_space_passes_with_a_daemon_and_without()
    {
        using var home = await FilledAsync();
        Assert.Equal("ok: 6 changes in 1 log give 3 nodes and 1 edge\n", await home.DoAsync("verify"));
        await using var daemon = await Daemon.StartAsync(home);

        Assert.Equal(
            "{\"verified\":{\"logs\":1,\"changes\":6,\"nodes\":3,\"edges\":1,\"damages\":0,\"stateCompared\":true}}",
            (await home.DoAsync("verify", "main", "--json")).Trim());
        Assert.DoesNotContain(home.Files(), static file => file.Contains("verify", StringComparison.Ordinal));
    }

    [Fact]
    public async Task T6_an_edit_by_hand_is_named_and_gives_another_exit_code()
    {
        using var home = await FilledAsync();
        HandEdit.Run(Database(home), "UPDATE nodes SET data = '{\"x\":2}' WHERE id = 'a'");

        var outcome = await home.RunAsync("verify");

        Assert.Equal(1, outcome.Code);
        Assert.Equal("node \"a\": differs in data (REPLICA_STATE_DIFFERS)", outcome.Lines[0]);
        Assert.Contains("replica repair main", outcome.Output);
        Assert.Contains("{\"damage\":{\"code\":\"REPLICA_STATE_DIFFERS\",\"subject\":\"node \\\"a\\\"\"", (await home.RunAsync("verify", "--json")).Output);
    }

    [Fact]
    public async Task A_space_that_is_not_there_is_an_error()
    {
        using var home = await FilledAsync();

        var outcome = await home.RunAsync("verify", "other");

        Assert.Equal(1, outcome.Code);
        Assert.Contains("REPLICA_NO_SPACE", outcome.Error);
    }

    [Fact]
    public async Task An_ordinary_tool_reads_nodes_fields_edges_and_the_tree_through_the_views()
    {
        using var home = await FilledAsync();
        _ = await home.DoAsync("delete", "c");

        Assert.Equal(["a||{\"x\":1}", "b|person|{\"born\":1815,\"name\":\"Ada\"}"],
            HandEdit.Query(Database(home), "SELECT id, type, data FROM visible_nodes ORDER BY id"));
        Assert.Equal(["b|1815"], HandEdit.Query(
            Database(home), "SELECT id, json_extract(data, '$.born') FROM visible_nodes WHERE json_extract(data, '$.name') = 'Ada'"));
        Assert.Equal(["a|knows|b||{\"since\":1833}"],
            HandEdit.Query(Database(home), "SELECT from_id, relation, to_id, key, data FROM visible_edges"));
        Assert.Equal(["b||0", "a|b|1"], HandEdit.Query(
            Database(home), "SELECT id, coalesce(parent_id, ''), depth FROM visible_tree ORDER BY depth, position"));
    }

    private static string Database(TemporaryHome home) => Path.Combine(home.Path, "main.db");

    private static async Task<TemporaryHome> FilledAsync()
    {
        var home = await TemporaryHome.CreateAsync();
        var graph = home.Write("graph.jsonl", """
            {"node":"a","type":"","fields":{"x":1}}
            {"node":"b","type":"person","fields":{"name":"Ada","born":1815}}
            {"node":"c","type":"","fields":{}}
            """);
        _ = await home.DoAsync("import", graph);
        _ = await home.DoAsync("link", "a", "knows", "b", "since=1833");
        _ = await home.DoAsync("move", "b");
        _ = await home.DoAsync("move", "a", "--under", "b");
        _ = await home.DoAsync("put", "a", "x=1");
        return home;
    }
}
