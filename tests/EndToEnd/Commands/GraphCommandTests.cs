using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Commands;

/// <summary>The commands that write and read the graph, with a daemon on the home and without.</summary>
public sealed class GraphCommandTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_written_is_read_back(bool withDaemon)
    {
        using var home = await TemporaryHome.CreateAsync();
        await using var daemon = withDaemon ? await Daemon.StartAsync(home) : null;

        _ = await home.DoAsync("put", "ada", "--type", "person", "name=Ada Lovelace", "born=1815", "x=[1,1.0,null]");
        _ = await home.DoAsync("put", "b", "y=true");
        _ = await home.DoAsync("put", "ada", "born=1816", "--remove", "x");
        _ = await home.DoAsync("link", "ada", "knows", "b", "since=1833", "--key", "k");
        _ = await home.DoAsync("put", "gone");
        _ = await home.DoAsync("delete", "gone");
        _ = await home.DoAsync("link", "b", "knows", "ada");
        _ = await home.DoAsync("unlink", "b", "knows", "ada");

        Assert.Equal(
            """{"node":"ada","type":"person","fields":{"born":1816,"name":"Ada Lovelace"}}""" + "\n",
            await home.DoAsync("get", "ada", "--json"));
        Assert.Equal("ada (person)\n  born = 1816\n  name = Ada Lovelace\n", await home.DoAsync("get", "ada"));
        Assert.Equal("ada (person)  born=1816, name=Ada Lovelace\nb  y=true\n", await home.DoAsync("ls"));
        Assert.Equal("b  y=true\n", await home.DoAsync("ls", "--prefix", "b"));
        Assert.Equal("ada (person)  born=1816, name=Ada Lovelace\n", await home.DoAsync("ls", "--type", "person"));
        Assert.Equal("ada -knows-> b [k]  since=1833\n", await home.DoAsync("edges"));
        Assert.Equal("", await home.DoAsync("edges", "--from", "b"));
        Assert.Equal(
            """
            {"node":"ada","type":"person","fields":{"born":1816,"name":"Ada Lovelace"}}
            {"node":"b","type":"","fields":{"y":true}}
            {"edge":["ada","knows","b"],"key":"k","fields":{"since":1833}}

            """,
            await home.DoAsync("export"));
        Assert.Equal(
            ("{'edges':[{'fields':{'since':1833},'from':'ada','key':'k','relation':'knows','to':'b'}],"
                + "'nodes':{'ada':{'fields':{'born':1816,'name':'Ada Lovelace'},'type':'person'},'b':{'fields':{'y':true},'type':''}}}")
                .Replace('\'', '"'),
            await home.DoAsync("state", "--canonical"));
        Assert.Contains("\"op\":\"delete\"", await home.DoAsync("log", "--newest", "--limit", "1", "--json"));
    }

    [Fact]
    public async Task Values_of_every_kind_survive_export_and_import()
    {
        using var home = await TemporaryHome.CreateAsync();
        using var other = await TemporaryHome.CreateAsync();
        var deep = string.Concat(Enumerable.Repeat("{\"$map\":{\"$a\":", 31)) + "1" + new string('}', 62);
        var fields = "{\"null\":null,\"t\":true,\"i\":9223372036854775807,\"n\":-9223372036854775808,\"d\":0.1,\"whole\":1.0,\"tiny\":5e-324,"
            + "\"nan\":{\"$float\":\"NaN\"},\"inf\":{\"$float\":\"-Infinity\"},\"mzero\":{\"$float\":\"-0\"},\"s\":\"ü 猫 🐈 \\u0000 \\u001b \\u2028\","
            + "\"b\":{\"$bytes\":\"00ff\"},\"time\":{\"$time\":\"1815-12-10T00:00:00.000000001Z\"},\"ref\":{\"$node\":\"é\"},\"a\":[[],{},[1,[2.5]]],"
            + "\"m\":{\"$map\":{\"$int\":\"x\"}},\"mm\":{\"$map\":{\"$map\":{\"$bytes\":\"00\"}}},\"$odd\":1,\"\":\"no name\",\"deep\":" + deep + "}";
        _ = await home.DoAsync("put", "é", "--type", "ü\tt", "--fields", fields);
        _ = await home.DoAsync("put", "--", "--dashed", "x=1");
        _ = await home.DoAsync("link", "é", "", "é", "--fields", fields);
        var file = System.IO.Path.Combine(home.Root, "out.jsonl");

        _ = await home.DoAsync("export", "--output", file);
        _ = await other.DoAsync("import", file);

        var state = await home.DoAsync("state", "--canonical");
        Assert.Contains("-9223372036854775808", state);
        Assert.Equal(state, await other.DoAsync("state", "--canonical"));
        Assert.Contains("\"i\":9223372036854775807", await home.DoAsync("get", "é", "--json"));
    }

    [Fact]
    public async Task A_home_has_further_spaces_that_keep_apart()
    {
        using var home = await TemporaryHome.CreateAsync();
        _ = await home.DoAsync("--space", "work", "init");
        _ = await home.DoAsync("--space", "work", "put", "x");

        Assert.Equal("", await home.DoAsync("ls"));
        Assert.Equal("x\n", await home.DoAsync("ls", "--space", "work"));
        Assert.Contains("\"name\":\"work\"", await home.DoAsync("status", "--json"));
    }

    [Fact]
    public async Task The_home_is_the_named_one_or_the_environments_or_the_current_directory()
    {
        using var home = await TemporaryHome.CreateAsync();
        _ = await home.DoAsync("put", "x");

        var named = await ReplicaProcess.RunAsync(["ls"], null, ("REPLICA_DIR", home.Path));
        var current = await ReplicaProcess.RunAsync(["ls"], home.Path);
        var none = await ReplicaProcess.RunAsync(["ls"], home.Root);

        Assert.Equal(("x\n", "x\n", 2), (named.Output, current.Output, none.Code));
    }

    [Fact]
    public async Task Others_texts_do_nothing_to_the_terminal()
    {
        using var home = await TemporaryHome.CreateAsync();
        _ = await home.DoAsync("put", "a\u001b[31m", "f\u009bx=v\u202ew");

        Assert.DoesNotContain((await home.DoAsync("ls")).TrimEnd('\n'), static c => char.IsControl(c) || c == '\u202e');
    }
}
