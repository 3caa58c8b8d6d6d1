using System.Text.RegularExpressions;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Commands;

/// <summary><c>history</c>: what became of one element.</summary>
public sealed partial class HistoryTests
{
    [Fact]
    public async Task Each_change_tells_what_it_found_and_what_it_left()
    {
        using var home = await TemporaryHome.CreateAsync();
        _ = await home.DoAsync("put", "ada", "--type", "person", "born=1815", "name=Ada");
        _ = await home.DoAsync("put", "other", "name=ada");
        _ = await home.DoAsync("put", "ada", "born=1816", "--remove", "name");
        _ = await home.DoAsync("count", "ada", "letters", "3");
        _ = await home.DoAsync("count", "ada", "letters", "--", "-1");
        _ = await home.DoAsync("count", "ada", "letters", "10", "--set");
        _ = await home.DoAsync("tag", "ada", "topics", "verse");
        _ = await home.DoAsync("untag", "ada", "topics", "verse");
        _ = await home.DoAsync("move", "other");
        _ = await home.DoAsync("move", "ada");
        _ = await home.DoAsync("move", "ada", "--under", "other");
        _ = await home.DoAsync("delete", "ada");
        _ = await home.DoAsync("put", "ada", "born=1");

        var lines = (await home.DoAsync("history", "ada")).Split('\n').Where(static line => line.StartsWith(' ')).Select(static line => line.Trim());

        Assert.Equal(
            [
                "born = 1815", "name = \"Ada\"", "type = \"person\"",
                "born 1815 → 1816", "name \"Ada\" → (removed)",
                "letters +3: = 3", "letters -1: 3 → 2", "letters 2 → 10",
                "topics + \"verse\"", "topics - \"verse\"",
                "moved to the top", "moved from the top to other",
                "deleted", "born = 1",
            ],
            lines);
    }

    [Fact]
    public async Task An_edge_has_a_history_of_its_own_and_a_limit_leaves_the_newest()
    {
        using var home = await TemporaryHome.CreateAsync();
        _ = await home.DoAsync("put", "a");
        _ = await home.DoAsync("put", "b");
        _ = await home.DoAsync("link", "a", "knows", "b", "since=1");
        _ = await home.DoAsync("link", "a", "knows", "b", "since=2");

        var all = await home.RunAsync("history", "a", "--relation", "knows", "--to", "b", "--json");
        var last = await home.RunAsync("history", "a", "--relation", "knows", "--to", "b", "--json", "--limit", "1");

        Assert.Equal(2, all.Lines.Length);
        Assert.Equal(all.Lines[1], Assert.Single(last.Lines));
        Assert.Contains("\"before\":1,\"after\":2", last.Output);
        Assert.DoesNotContain("since", await home.DoAsync("history", "a"));
    }

    [Fact]
    public async Task Two_devices_that_wrote_at_once_tell_the_same_history()
    {
        using var home = await TemporaryHome.CreateAsync();
        using var other = new TemporaryHome();
        _ = await home.DoAsync("put", "n", "x=1");
        _ = await other.DoAsync("join", (await home.DoAsync("invite")).Trim());
        await using var first = await Daemon.StartAsync(home, "--listen", "tcp://127.0.0.1:0");
        await using var second = await Daemon.StartAsync(other, "--connect", first.Listening[0]);
        await Eventually.HoldsAsync(other, "n", "x = 1");
        _ = await home.DoAsync("pause");
        _ = await other.DoAsync("put", "n", "x=2");
        _ = await home.DoAsync("put", "n", "x=3");
        _ = await other.DoAsync("put", "n", "y=4");

        _ = await home.DoAsync("resume");
        await Eventually.HoldsAsync(home, "n", "y = 4");
        await Eventually.HoldsAsync(other, "n", "x = 3");

        var told = await home.RunAsync("history", "n", "--json");
        Assert.Equal(4, told.Lines.Length);
        Assert.Equal(told.Output, await other.DoAsync("history", "n", "--json"));
        await Eventually.SaysAsync(() => home.DoAsync("status"), "now       in sync with ");
        Assert.Matches(PeerLine(), Assert.Single((await home.RunAsync("peers")).Lines));
        Assert.Contains("\"state\":\"connected\"", Assert.Single((await other.RunAsync("peers", "--json")).Lines));
    }

    [Fact]
    public async Task What_never_was_has_no_history()
    {
        using var home = await TemporaryHome.CreateAsync();
        _ = await home.DoAsync("put", "a");

        var outcome = await home.RunAsync("history", "b");

        Assert.Equal(1, outcome.Code);
        Assert.Contains("REPLICA_NOT_FOUND", outcome.Error);
        Assert.Equal(2, (await home.RunAsync("history", "a", "--relation", "knows")).Code);
        Assert.Equal(2, (await home.RunAsync("history")).Code);
    }

    [GeneratedRegex(@"^\S+  connected  in sync  accepted tcp  \d+ s ago  tcp://127\.0\.0\.1:\d+$")]
    private static partial Regex PeerLine();
}
