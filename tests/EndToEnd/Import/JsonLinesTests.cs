using System.Text;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.PeerCli.Import;
using Xunit;

namespace Replica.Tests.EndToEnd.Import;

/// <summary>Files of JSON objects, one a line.</summary>
public sealed class JsonLinesTests
{
    [Fact]
    public async Task Nodes_and_edges_are_read()
    {
        var items = await ReadAsync("""
            {"node":"a","type":"t","fields":{"n":1,"f":1.0,"b":{"$bytes":"00ff"}}}

            {"edge":["a","r","b"],"key":"k","fields":{"x":null}}
            {"node":"b"}
            """);

        var put = Assert.IsType<Mutation.PutNode>(items[0].Mutations[0]);
        Assert.Equal([ValueKind.Integer, ValueKind.Double, ValueKind.Bytes], put.Fields.Select(static field => field.Value.Kind));
        Assert.Equal(new("a", "r", "b", "k"), Assert.IsType<Mutation.LinkEdge>(items[1].Mutations[0]).Edge);
        Assert.Null(Assert.IsType<Mutation.PutNode>(items[2].Mutations[0]).Type);
        Assert.Equal([1L, 3L, 4L], items.Select(static item => item.Line));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("""{"node":1}""")]
    [InlineData("""{"node":""}""")]
    [InlineData("""{"node":"a","node":"b"}""")]
    [InlineData("""{"node":"a","edge":["a","r","b"]}""")]
    [InlineData("""{"edge":["a","b"]}""")]
    [InlineData("""{"edge":["a","r",""]}""")]
    [InlineData("""{"edge":["a","r","b"],"type":"t"}""")]
    [InlineData("""{"node":"a","key":"k"}""")]
    [InlineData("""{"node":"a","colour":"red"}""")]
    [InlineData("""{"node":"a","fields":[]}""")]
    [InlineData("""{"node":"a","fields":{"x":1,"x":2}}""")]
    [InlineData("""{"node":"a","fields":{"x":{"$bytes":"0"}}}""")]
    [InlineData("""{"node":"a","fields":{"x":{"$odd":"0"}}}""")]
    [InlineData("""{"node":"a","fields":{"x":99999999999999999999}}""")]
    [InlineData("""{"node":"a","fields":{"x":1e999}}""")]
    [InlineData("""{"node":"a","fields":{"x":"\ud800"}}""")]
    [InlineData("""{"node":"a"} {"node":"b"}""")]
    [InlineData("""{"move":["a"]}""")]
    public async Task A_bad_line_is_named_and_the_next_is_read_on(string line)
    {
        var items = await ReadAsync($"{{\"node\":\"x\"}}\n{line}\n{{\"node\":\"y\"}}\n");

        Assert.Equal([true, false, true], items.Select(static item => item.Fault is null));
        Assert.Equal(2, items[1].Line);
        Assert.DoesNotContain('\n', items[1].Fault!);
        Assert.DoesNotContain("LineNumber", items[1].Fault!);
    }

    [Fact]
    public async Task An_id_or_a_value_outside_its_limit_is_bad()
    {
        var items = await ReadAsync(
            $"{{\"node\":\"{new string('i', 257)}\"}}\n"
            + $"{{\"node\":\"a\",\"fields\":{{\"x\":\"{new string('v', 300_000)}\"}}}}\n"
            + $"{{\"node\":\"a\",\"fields\":{{\"x\":{new string('[', 33)}{new string(']', 33)}}}}}\n"
            + $"{{\"node\":\"a\",\"fields\":{{\"x\":{new string('[', 32)}{new string(']', 32)}}}}}\n");

        Assert.Equal([false, false, false, true], items.Select(static item => item.Fault is null));
    }

    [Fact]
    public async Task A_line_beyond_the_limit_is_bad_and_the_next_is_read_on()
    {
        var items = await ReadAsync($"\"{new string('x', ImportLimits.LineBytesMax + 100_000)}\"\n{{\"node\":\"y\"}}");

        Assert.Equal([(1L, false), (2L, true)], items.Select(static item => (item.Line, item.Fault is null)));
    }

    [Fact]
    public async Task A_byte_order_mark_and_carriage_returns_do_no_harm() =>
        Assert.All(await ReadAsync("\ufeff{\"node\":\"a\"}\r\n{\"node\":\"b\"}\r\n\r\n"), static item => Assert.Null(item.Fault));

    private static async Task<List<ImportItem>> ReadAsync(string text)
    {
        var items = new List<ImportItem>();
        await foreach (var item in JsonLines.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), default))
        {
            items.Add(item);
        }

        return items;
    }
}
