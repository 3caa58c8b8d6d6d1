using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Commands;

/// <summary>The commands that place nodes in the tree and show it.</summary>
public sealed class TreeCommandTests
{
    [Fact]
    public async Task What_is_moved_shows_in_its_place_and_survives_export_and_import()
    {
        using var home = await TemporaryHome.CreateAsync();
        await using var daemon = await Daemon.StartAsync(home);
        foreach (var id in new[] { "book", "one", "two", "preface" })
        {
            _ = await home.DoAsync("put", id);
        }

        _ = await home.DoAsync("move", "book");
        _ = await home.DoAsync("move", "one", "--under", "book");
        _ = await home.DoAsync("move", "two", "--under", "book");
        _ = await home.DoAsync("move", "preface", "--under", "book", "--first");
        Assert.Equal("book\n  preface\n  one\n  two\n", await home.DoAsync("tree"));

        _ = await home.DoAsync("move", "preface", "--under", "book", "--after", "one");
        _ = await home.DoAsync("respace", "book");
        Assert.Equal("one\npreface\ntwo\n", await home.DoAsync("tree", "book"));
        Assert.Equal("book\n", await home.DoAsync("tree", "--depth", "1"));
        Assert.EndsWith(
            """
            {"move":["book",null]}
            {"move":["one","book"]}
            {"move":["preface","book"]}
            {"move":["two","book"]}

            """,
            await home.DoAsync("export"),
            StringComparison.Ordinal);

        var state = await home.DoAsync("state", "--canonical");
        Assert.EndsWith(""","tree":[["book",null],["one","book"],["preface","book"],["two","book"]]}""", state.TrimEnd(), StringComparison.Ordinal);
        var file = Path.Combine(home.Root, "graph.jsonl");
        _ = await home.DoAsync("export", "--output", file);
        using var other = await TemporaryHome.CreateAsync();
        _ = await other.DoAsync("import", file);
        Assert.Equal(state, await other.DoAsync("state", "--canonical"));
    }

    [Fact]
    public async Task What_hangs_under_a_deleted_node_is_listed_and_can_be_moved_away()
    {
        using var home = await TemporaryHome.CreateAsync();
        await using var daemon = await Daemon.StartAsync(home);
        _ = await home.DoAsync("put", "book");
        _ = await home.DoAsync("put", "one");
        _ = await home.DoAsync("move", "book");
        _ = await home.DoAsync("move", "one", "--under", "book");

        _ = await home.DoAsync("delete", "book");
        Assert.Equal("", await home.DoAsync("tree"));
        Assert.Equal("one  (under book)\n", await home.DoAsync("tree", "--orphans"));

        _ = await home.DoAsync("move", "one");
        Assert.Equal("one\n", await home.DoAsync("tree"));
        Assert.Equal("", await home.DoAsync("tree", "--orphans"));
        Assert.Equal("", await home.DoAsync("tree", "--skipped"));
    }
}
