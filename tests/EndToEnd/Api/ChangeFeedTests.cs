using System.Net;
using System.Text.Json;
using Replica.Peer.Host;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Api;

/// <summary>Server-sent events: each change once, resumed where a reader left off.</summary>
public sealed class ChangeFeedTests(ApiHome home) : IClassFixture<ApiHome>
{
    [Fact]
    public async Task A_change_comes_when_it_is_made_and_never_twice_to_a_reader_that_comes_back()
    {
        using var client = home.Client();
        string last;
        await using (var first = await EventReader.OpenAsync(client, null))
        {
            Assert.Equal("open", (await first.NextAsync()).Event);
            await PutAsync("live-1");
            var (name, id, data) = await first.NextAsync();
            Assert.Equal("change", name);
            Assert.Equal("live-1", NodeOf(data));
            Assert.Equal(id, JsonDocument.Parse(data).RootElement.GetProperty("position").GetString());
            Assert.Equal("local", JsonDocument.Parse(data).RootElement.GetProperty("origin").GetString());
            last = id;
        }

        await PutAsync("live-2");
        await PutAsync("live-3");
        await using var second = await EventReader.OpenAsync(client, last);
        Assert.Equal(("open", last), await second.NextAsync() is var open ? (open.Event, open.Id) : default);
        Assert.Equal("live-2", NodeOf((await second.NextAsync()).Data));
        Assert.Equal("live-3", NodeOf((await second.NextAsync()).Data));
    }

    [Fact]
    public async Task From_the_start_all_changes_come_in_the_order_of_the_log()
    {
        using var client = home.Client();
        var log = (await client.GetStringAsync(new Uri("/v1/spaces/main/log", UriKind.Relative))).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("dot").GetString()).ToArray();
        await using var reader = await EventReader.OpenAsync(client, null, "?after=0");
        _ = await reader.NextAsync();

        foreach (var dot in log)
        {
            Assert.Equal(dot, JsonDocument.Parse((await reader.NextAsync()).Data).RootElement.GetProperty("dot").GetString());
        }
    }

    [Fact]
    public async Task Where_nothing_happens_there_are_signs_of_life()
    {
        using var client = home.Client();
        await using var reader = await EventReader.OpenAsync(client, null);
        _ = await reader.NextAsync();

        Assert.Equal(": still here", await reader.LineAsync());
    }

    [Theory]
    [InlineData("?after=x", HttpStatusCode.BadRequest, "REPLICA_BAD_INPUT")]
    [InlineData("?after=-1", HttpStatusCode.BadRequest, "REPLICA_BAD_INPUT")]
    [InlineData("?after=5", HttpStatusCode.BadRequest, "REPLICA_BAD_INPUT")]
    [InlineData("?after=1-0000000000000000-0000000000000000", HttpStatusCode.Conflict, "REPLICA_POSITION_UNKNOWN")]
    public async Task A_position_that_is_none_or_of_another_copy_is_refused(string query, HttpStatusCode status, string code)
    {
        using var client = home.Client();
        using var answer = await client.GetAsync(new Uri("/v1/spaces/main/changes" + query, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

        _ = await ApiHome.IsProblemAsync(answer, status, code);
    }

    [Fact]
    public async Task A_reader_that_takes_nothing_holds_up_nobody_and_misses_nothing()
    {
        using var client = home.Client();
        await using var slow = await EventReader.OpenAsync(client, null);
        var text = new string('x', 200_000);
        for (var i = 0; i < 40; i++)
        {
            _ = await home.Space.WriteAsync([new Mutation.PutNode($"slow-{i}", text[..100], [])]).WaitAsync(ReplicaProcess.Limit);
        }

        _ = await slow.NextAsync();
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal($"slow-{i}", NodeOf((await slow.NextAsync()).Data));
        }
    }

    private static string? NodeOf(string data) =>
        JsonDocument.Parse(data).RootElement.GetProperty("operations")[0].GetProperty("node").GetString();

    private async Task PutAsync(string id) => _ = await home.Space.WriteAsync([new Mutation.PutNode(id, null, [])]);
}
