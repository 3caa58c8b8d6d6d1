using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.Peer.Store.Sqlite;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Embedding;

/// <summary>Each sample does what its page says.</summary>
public sealed class SampleTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Notes_are_kept_and_come_to_who_joins()
    {
        Assert.Equal(["Milk"], await SampleProcess.RunAsync("Notes", "notes", _home.Path, "add", "Milk"));
        await using var invite = SampleProcess.Start("Notes", "notes", _home.Path, "invite", "tcp://127.0.0.1:0");
        var ticket = await invite.NextAsync();

        Assert.Equal(["Milk"], await SampleProcess.RunAsync("Notes", "notes", Path.Combine(_home.Root, "joined"), "join", ticket));
        await invite.Process.StandardInput.WriteLineAsync();
        Assert.Equal(0, (await invite.EndAsync()).Code);
        Assert.Equal(["Milk"], await SampleProcess.RunAsync("Notes", "notes", Path.Combine(_home.Root, "joined"), "list"));
    }

    [Fact]
    public async Task The_live_list_shows_an_edit_to_who_has_it_open_and_stops_at_once_all_the_same()
    {
        await using var list = SampleProcess.Start("LiveList", "livelist", _home.Path, "--urls", "http://127.0.0.1:0");
        var address = await AddressAsync(list);
        using var client = new HttpClient { BaseAddress = address, Timeout = ReplicaProcess.Limit };
        Assert.Contains("EventSource", await client.GetStringAsync("/"), StringComparison.Ordinal);
        using var events = new StreamReader(await client.GetStreamAsync("/items/live"));
        Assert.True((await NextAsync(events)).GetProperty("isFirst").GetBoolean());

        using var saved = await client.PostAsJsonAsync("/items", new { id = "i1", text = "Milk", done = false });
        saved.EnsureSuccessStatusCode();
        var added = (await NextAsync(events)).GetProperty("differences")[0];
        using var deleted = await client.DeleteAsync("/items/i1");
        var removed = (await NextAsync(events)).GetProperty("differences")[0];

        Assert.Equal(("Added", "Milk"), (added.GetProperty("kind").GetString(), added.GetProperty("item").GetProperty("text").GetString()));
        Assert.Equal(("Removed", "i1"), (removed.GetProperty("kind").GetString(), removed.GetProperty("key").GetString()));
        var asked = Stopwatch.GetTimestamp();
        await SampleProcess.TerminateAsync(list);
        Assert.Equal(0, (await list.EndAsync()).Code);
        Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task The_live_list_says_what_was_wrong_with_a_request_by_a_problem_document_with_the_code()
    {
        await using var list = SampleProcess.Start("LiveList", "livelist", _home.Path, "--urls", "http://127.0.0.1:0");
        using var client = new HttpClient { BaseAddress = await AddressAsync(list), Timeout = ReplicaProcess.Limit };

        using var tooLong = await client.PostAsJsonAsync("/items", new { id = new string('i', 300), text = "Milk", done = false });
        using var noJson = await client.PostAsync("/items", new StringContent("{", System.Text.Encoding.UTF8, "application/json"));

        var problem = await tooLong.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((400, "application/problem+json"), ((int)tooLong.StatusCode, tooLong.Content.Headers.ContentType?.MediaType));
        Assert.StartsWith("REPLICA_", problem.GetProperty("code").GetString());
        Assert.Contains("256", problem.GetProperty("detail").GetString());
        Assert.Equal((400, "application/problem+json"), ((int)noJson.StatusCode, noJson.Content.Headers.ContentType?.MediaType));
        await SampleProcess.TerminateAsync(list);
    }

    [Fact]
    public async Task The_mirror_takes_each_change_over_once_however_often_it_is_killed()
    {
        const int Rounds = 3;
        const int Each = 40;
        var file = Path.Combine(_home.Root, "mirror.db");
        for (var round = 0; round < Rounds; round++)
        {
            var last = await WriteAsync(round, Each);
            await using var mirror = SampleProcess.Start("Mirror", "mirror", _home.Path, file);
            // Killed in the midst of it, but for the last round.
            var until = round == Rounds - 1 ? last : last - (Each / 2);
            while (!(await mirror.NextAsync()).StartsWith($"{until} applied", StringComparison.Ordinal))
            {
            }

            mirror.Process.Kill();
            _ = await mirror.EndAsync();
        }

        await using var space = await ReplicaSpace.OpenAsync(_home.Path);
        var nodes = await space.ListNodesAsync(new()).CountAsync();
        var position = await space.GetPositionAsync();
        using var mirrored = SqliteConnectionHandle.Open(file, mayCreate: false);
        Assert.Equal(position.Arrival, mirrored.QueryInteger("SELECT applied FROM mirror"));
        Assert.Equal(nodes, mirrored.QueryInteger("SELECT count(*) FROM nodes"));
        Assert.Equal(0, mirrored.QueryInteger("SELECT count(*) FROM nodes WHERE json_extract(fields, '$.round') IS NULL"));
    }

    [Fact]
    public async Task The_inventory_keeps_its_promise() =>
        Assert.Contains("every promise was kept", (await SampleProcess.RunAsync("Inventory", "inventory", "20"))[^1], StringComparison.Ordinal);

    private async Task<long> WriteAsync(int round, int count)
    {
        await using var space = await ReplicaSpace.OpenAsync(_home.Path, new() { IsCreatedIfMissing = true });
        for (var i = 0; i < count; i++)
        {
            var id = $"n{i}";
            await space.TransactAsync(tx =>
            {
                if (i % 4 == 3 && tx.GetNode(id) is not null)
                {
                    tx.Delete(id);
                }
                else
                {
                    tx.Set(id, "round", Value.From((long)round));
                }
            });
        }

        return (await space.GetPositionAsync()).Arrival;
    }

    private static async Task<Uri> AddressAsync(LineReader process)
    {
        const string Listening = "Now listening on: ";
        while (true)
        {
            var line = await process.NextAsync();
            if (line.IndexOf(Listening, StringComparison.Ordinal) is var at and >= 0)
            {
                return new(line[(at + Listening.Length)..]);
            }
        }
    }

    private static async Task<JsonElement> NextAsync(StreamReader events)
    {
        while (true)
        {
            var line = await events.ReadLineAsync().WaitAsync(ReplicaProcess.Limit) ?? throw new EndOfStreamException();
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return JsonSerializer.Deserialize<JsonElement>(line[6..]);
            }
        }
    }
}
