using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.Peer.Host.Feeds;
using Replica.Peer.Host.Queries;
using Replica.Transport;
using Replica.Transport.Memory;
using Replica.Web.Hosting;
using Xunit;

namespace Replica.Tests.Properties.Host.Embedding;

/// <summary>The code of docs/embedding.md, compiled and run. <see cref="PageTests"/> compares the two.</summary>
public sealed partial class PageSnippets : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _stopping = new();

    public void Dispose()
    {
        _folder.Dispose();
        _stopping.Dispose();
    }

    [Fact]
    public async Task Begin()
    {
        var directory = _folder.Home;

        await using var space = await ReplicaSpace.OpenAsync(directory, new SpaceOptions { IsCreatedIfMissing = true });
        await space.WriteAsync([new Mutation.PutNode("note/1", "note", [new("text", Value.From("Milk"))])]);
        var note = await space.GetNodeAsync("note/1");
        Console.WriteLine(note?.Fields[0].Value.AsString());

        Assert.Equal("Milk", note?.Fields[0].Value.AsString());
    }

    [Fact]
    public async Task Transact()
    {
        await using var space = await OpenAsync();
        await space.TransactAsync(static tx => tx.Put("account/a", null, new KeyValuePair<string, Value>("balance", Value.From(10L))));

        var (isPaid, receipt) = await space.TransactAsync(tx =>
        {
            var balance = tx.GetNode("account/a")?.Fields[0].Value.AsInteger() ?? 0;
            if (balance < 5)
            {
                return false;
            }

            tx.Set("account/a", "balance", Value.From(balance - 5));
            tx.Put("account/b", "account");
            tx.Link(new Target.Edge("account/a", "paid", "account/b"));
            return true;
        });

        Assert.True(isPaid);
        Assert.Equal(3, receipt.Operations);
    }

    [Fact]
    public async Task Records()
    {
        await using var space = await OpenAsync();

        var tasks = space.Nodes(AppJson.Default.TaskItem);
        await tasks.PutAsync(new TaskItem("task/1", "Paint the fence", false, new HashSet<string> { "garden" }));
        await tasks.UpdateAsync("task/1", task => task with { Done = true });
        await foreach (var task in tasks.ListAsync())
        {
            Console.WriteLine($"{task.Title}: {task.Done}");
        }

        Assert.True((await tasks.GetAsync("task/1"))!.Done);
    }

    [Fact]
    public async Task Feed()
    {
        await using var space = await OpenAsync();
        var stopping = _stopping.Token;
        var (stored, handled) = ("0", 0);
        string? LoadPosition() => stored;
        async Task SaveAsync(SpaceChange change)
        {
            stored = change.Position.ToString();
            if (++handled == 2)
            {
                await _stopping.CancelAsync();
            }
        }

        await space.TransactAsync(static tx => tx.Put("a", null));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(FollowAsync);

        Assert.Equal((await space.GetPositionAsync()).ToString(), stored);

        async Task FollowAsync()
        {
            _ = ChangePosition.TryParse(LoadPosition(), out var position);
            await foreach (var change in space.WatchChangesAsync(position, stopping))
            {
                Console.WriteLine($"{change.Author} at {change.Time}: {change.Touched.Count} touched, {change.Origin}");
                await SaveAsync(change);
            }
        }
    }

    [Fact]
    public async Task Live()
    {
        await using var space = await OpenAsync();
        await space.TransactAsync(static tx => tx.Put("task/1", "taskItem"));
        var stopping = _stopping.Token;
        var shown = new SortedDictionary<string, NodeSnapshot>(StringComparer.Ordinal);
        void Render() => _stopping.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(FollowAsync);

        Assert.Single(shown);

        async Task FollowAsync()
        {
            await foreach (var update in space.WatchNodesAsync(new NodeFilter { Type = "taskItem" }, stopping))
            {
                foreach (var (kind, id, node) in update.Differences)
                {
                    if (kind == LiveKind.Removed)
                    {
                        shown.Remove(id);
                    }
                    else
                    {
                        shown[id] = node!;
                    }
                }

                Render();
            }
        }
    }

    [Fact]
    public async Task Network()
    {
        var transport = new MemoryTransport();
        var address = PeerAddress.Parse("memory:office");
        var options = new SpaceOptions { IsCreatedIfMissing = true, Transports = [transport] };

        await using var office = await ReplicaSpace.OpenAsync(_folder.At("office"), options with { Listen = [address] });
        var ticket = (await office.InviteAsync(new InviteOptions())).Ticket;

        await using var laptop = await ReplicaSpace.OpenAsync(
            _folder.At("laptop"), options with { Ticket = ticket, Connect = [address] });

        await office.TransactAsync(static tx => tx.Put("a", null));
        using var limit = new CancellationTokenSource(Limit);
        await foreach (var node in laptop.WatchNodeAsync("a", limit.Token))
        {
            if (node is not null)
            {
                break;
            }
        }

        await foreach (var sync in laptop.WatchSyncProgressAsync(limit.Token))
        {
            Console.WriteLine($"{sync.Received} of {sync.Announced} changes, {sync.PerSecond:0}/s, {sync.Left} left");
            if (sync.IsComplete)
            {
                break;
            }
        }

        office.SetPresence("reading note/1"u8.ToArray(), TimeSpan.FromSeconds(30));
        await foreach (var presence in laptop.WatchPresenceAsync(limit.Token))
        {
            Console.WriteLine($"{presence.Device[..8]}: {System.Text.Encoding.UTF8.GetString(presence.Content.Span)}");
            break;
        }
    }

    [Fact]
    public async Task Services()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        var directory = _folder.Home;

        builder.Services.AddReplica(directory, new SpaceOptions { IsCreatedIfMissing = true });
        builder.Services.AddHostedService<Indexer>();

        using var host = builder.Build();
        await host.StartAsync();
        await host.Services.GetServices<IHostedService>().OfType<Indexer>().Single().ExecuteTask!.WaitAsync(Limit);
        await host.StopAsync();
    }

    private Task<ReplicaSpace> OpenAsync() => ReplicaSpace.OpenAsync(_folder.Home, new SpaceOptions { IsCreatedIfMissing = true });

    internal sealed record TaskItem(string Id, string Title, bool Done, HashSet<string> Tags);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(TaskItem))]
    internal sealed partial class AppJson : JsonSerializerContext;

    internal sealed class Indexer(HostedSpace hosted) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            var space = await hosted.GetAsync(stoppingToken);
            await foreach (var change in space.ReadChangesAsync(ChangePosition.Start, stoppingToken))
            {
                Console.WriteLine(change.Dot);
            }
        }
    }
}
