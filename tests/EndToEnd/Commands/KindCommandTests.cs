using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Commands;

/// <summary>The commands for counters, sets, relations to one, and conflicts.</summary>
public sealed class KindCommandTests
{
    private const int LooksMax = 60;

    [Fact]
    public async Task Counters_sum_up_and_sets_survive_export_and_import()
    {
        using var home = await TemporaryHome.CreateAsync();
        await using var daemon = await Daemon.StartAsync(home);
        _ = await home.DoAsync("count", "p", "hits", "5");
        _ = await home.DoAsync("count", "p", "hits", "--", "-2");
        _ = await home.DoAsync("tag", "p", "topics", "b", "a", "1");
        _ = await home.DoAsync("untag", "p", "topics", "b");

        Assert.Equal("""{"node":"p","type":"","fields":{"hits":3,"topics":{"$set":[1,"a"]}}}""", (await home.DoAsync("get", "p", "--json")).TrimEnd());

        var file = Path.Combine(home.Root, "graph.jsonl");
        _ = await home.DoAsync("export", "--output", file);
        using var other = await TemporaryHome.CreateAsync();
        _ = await other.DoAsync("import", file);
        Assert.Equal(await home.DoAsync("state", "--canonical"), await other.DoAsync("state", "--canonical"));
    }

    [Fact]
    public async Task Every_kind_comes_back_as_its_kind_from_export_and_import()
    {
        using var home = await TemporaryHome.CreateAsync();
        await using var daemon = await Daemon.StartAsync(home);
        _ = await home.DoAsync("put", "p", "plain=5", "--type", "page", "--vector", "[0.5,-1,3]");
        _ = await home.DoAsync("put", "q");
        _ = await home.DoAsync("declare", "next", "to-one");
        _ = await home.DoAsync("link", "p", "next", "q", "--key", "k");
        _ = await home.DoAsync("count", "p", "hits", "5");
        _ = await home.DoAsync("tag", "p", "topics", "b", "1");
        string[] edge = ["--relation", "next", "--to", "q", "--key", "k"];
        _ = await home.DoAsync(["count", "p", "times", "7", .. edge]);
        _ = await home.DoAsync(["tag", "p", "places", "london", "paris", .. edge]);
        _ = await home.DoAsync(["untag", "p", "places", "paris", .. edge]);
        var file = Path.Combine(home.Root, "graph.jsonl");
        _ = await home.DoAsync("export", "--output", file);

        Assert.Equal(
            """
            {"declare":["next","to-one"]}
            {"node":"p","type":"page","fields":{"hits":{"$counter":5},"plain":5,"topics":{"$set":[1,"b"]}},"vector":{"$bytes":"0000003f000080bf00004040"}}
            {"node":"q","type":"","fields":{}}
            {"edge":["p","next","q"],"key":"k","fields":{"places":{"$set":["london"]},"times":{"$counter":7}}}

            """,
            await File.ReadAllTextAsync(file));
        using var other = await TemporaryHome.CreateAsync();
        _ = await other.DoAsync("import", file);
        Assert.Equal(await File.ReadAllTextAsync(file), await other.DoAsync("export"));
        Assert.Equal(await home.DoAsync("state", "--canonical"), await other.DoAsync("state", "--canonical"));
        _ = await other.DoAsync("count", "p", "hits", "1");
        Assert.Contains("hits = 6", await other.DoAsync("get", "p"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_names_each_operation_with_what_it_is_about_and_its_arguments()
    {
        using var home = await TemporaryHome.CreateAsync();
        await using var daemon = await Daemon.StartAsync(home);
        _ = await home.DoAsync("put", "p", "title=Hello", "--vector", "[1,2]");
        _ = await home.DoAsync("link", "p", "next", "p", "--key", "k", "since=1833");
        _ = await home.DoAsync("link", "p", "next", "p", "--key", "k", "--remove", "since");
        _ = await home.DoAsync("count", "p", "hits", "5", "--set");
        _ = await home.DoAsync("count", "p", "hits", "2");
        _ = await home.DoAsync("tag", "p", "topics", "sync");
        _ = await home.DoAsync("untag", "p", "topics", "sync");
        _ = await home.DoAsync("declare", "next", "to-one");
        _ = await home.DoAsync("move", "p");
        Assert.Equal("nothing to change\n", await home.DoAsync("raise", "1"));

        var lines = (await home.DoAsync("log")).Split('\n').Where(static line => line.StartsWith("  ", StringComparison.Ordinal)).ToArray();

        Assert.Equal(
            [
                "  setField p title = \"Hello\"", "  setVector p of 2 numbers",
                "  create p -next-> p [k]", "  setField p -next-> p [k] since = 1833",
                "  create p -next-> p [k]", "  removeField p -next-> p [k] since",
                "  setCounter p hits = 5",
            ],
            lines[2..9]);
        Assert.StartsWith("  addCounter p hits + 2 base=", lines[9], StringComparison.Ordinal);
        Assert.Equal(
            [
                "  addToSet p topics + \"sync\"", "  removeFromSet p topics - \"sync\"",
                "  declare relation=\"next\" cardinality=\"to-one\"", "  move p parent=null",
            ],
            lines[10..]);
    }

    [Fact]
    public async Task A_level_that_this_version_does_not_know_is_refused()
    {
        using var home = await TemporaryHome.CreateAsync();

        var outcome = await home.RunAsync("raise", "2");

        Assert.NotEqual(0, outcome.Code);
        Assert.Contains("REPLICA_LEVEL_UNKNOWN", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("\"level\":1", await home.DoAsync("status", "--json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_in_a_relation_to_one_takes_the_place_of_the_one_before()
    {
        using var home = await TemporaryHome.CreateAsync();
        await using var daemon = await Daemon.StartAsync(home);
        foreach (var id in new[] { "ada", "charles", "william" })
        {
            _ = await home.DoAsync("put", id);
        }

        _ = await home.DoAsync("declare", "married-to", "to-one");
        _ = await home.DoAsync("link", "ada", "married-to", "charles");
        _ = await home.DoAsync("link", "ada", "married-to", "william");

        Assert.Equal("ada -married-to-> william\n", await home.DoAsync("edges", "ada"));
        Assert.Equal("", await home.DoAsync("conflicts"));
    }

    [Fact]
    public async Task What_two_devices_wrote_at_the_same_time_is_listed_until_it_is_settled()
    {
        using var first = await TemporaryHome.CreateAsync();
        _ = await first.DoAsync("put", "p", "title=old");
        var ticket = (await first.DoAsync("invite")).Trim();
        using var second = new TemporaryHome();
        _ = await second.DoAsync("join", ticket);
        await using var one = await Daemon.StartAsync(first, "--listen", "tcp://127.0.0.1:0");
        await using var two = await Daemon.StartAsync(second, "--connect", one.Listening[0]);
        await EqualAsync(first, second);
        _ = await first.DoAsync("pause");
        _ = await first.DoAsync("put", "p", "title=one");
        _ = await second.DoAsync("put", "p", "title=two");
        _ = await first.DoAsync("put", "q");
        _ = await second.DoAsync("put", "q");
        _ = await first.DoAsync("move", "p", "--under", "q");
        _ = await second.DoAsync("move", "q", "--under", "p");
        _ = await first.DoAsync("count", "p", "hits", "1");
        _ = await second.DoAsync("count", "p", "hits", "2");
        _ = await first.DoAsync("resume");
        await EqualAsync(first, second);

        var listed = await first.DoAsync("conflicts", "p");
        Assert.Contains("p  field title", listed, StringComparison.Ordinal);
        Assert.Contains("\"one\"", listed, StringComparison.Ordinal);
        Assert.Contains("\"two\"", listed, StringComparison.Ordinal);
        Assert.Contains("hits = 3", await second.DoAsync("get", "p"), StringComparison.Ordinal);

        Assert.Contains("q  move\n  shows  (placed nowhere)\n  lost   under p  by ", await first.DoAsync("conflicts", "q"), StringComparison.Ordinal);
        _ = await second.DoAsync("resolve", "p", "title=settled");
        _ = await second.DoAsync("resolve", "q", "--top");
        await EqualAsync(first, second);
        Assert.Equal("", await first.DoAsync("conflicts"));
        Assert.Contains("title = settled", await first.DoAsync("get", "p"), StringComparison.Ordinal);
    }

    private static async Task EqualAsync(TemporaryHome a, TemporaryHome b)
    {
        for (var look = 0; look < LooksMax; look++)
        {
            var state = await a.DoAsync("state", "--canonical");
            if (state.Contains("\"p\"", StringComparison.Ordinal) && state == await b.DoAsync("state", "--canonical"))
            {
                return;
            }
        }

        Assert.Fail($"The two homes did not come out equal in {LooksMax} looks.");
    }
}
