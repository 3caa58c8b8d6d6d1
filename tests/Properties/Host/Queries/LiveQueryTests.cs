using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.Peer.Host.Queries;
using Replica.Peer.Store.Tree;
using Replica.Tests.Properties.Host.Embedding;
using Xunit;

namespace Replica.Tests.Properties.Host.Queries;

/// <summary>Live queries: a first result, then each difference once, whoever writes meanwhile.</summary>
public sealed class LiveQueryTests : SpaceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_node_is_shown_as_it_is_and_each_time_it_differs()
    {
        await using var node = Space.WatchNodeAsync("a").GetAsyncEnumerator();
        Assert.Null(await NextAsync());
        await SetAsync("a", 1);
        Assert.Equal(1L, (await NextAsync())!.Fields[0].Value.AsInteger());
        await SetAsync("b", 1);
        await SetAsync("a", 1);
        await SetAsync("a", 2);
        Assert.Equal(2L, (await NextAsync())!.Fields[0].Value.AsInteger());
        await Space.TransactAsync(tx => tx.Delete("a"));
        Assert.Null(await NextAsync());

        async Task<NodeSnapshot?> NextAsync()
        {
            Assert.True(await node.MoveNextAsync().AsTask().WaitAsync(Limit));
            return node.Current;
        }
    }

    [Fact]
    public async Task Nodes_come_and_go_with_their_type_and_a_transaction_shows_whole()
    {
        await Space.TransactAsync(tx =>
        {
            tx.Put("a", "note");
            tx.Put("b", "other");
        });
        await using var notes = new LiveView<string, NodeSnapshot>(Space.WatchNodesAsync(new() { Type = "note" }));
        var first = await notes.NextAsync();
        await Space.TransactAsync(tx =>
        {
            tx.Put("b", "note");
            tx.Put("c", "note");
            tx.Put("a", "other");
        });
        var second = await notes.NextAsync();

        Assert.Equal(["a"], first.Differences.Select(static difference => difference.Key));
        Assert.Equal(["a", "b", "c"], second.Differences.Select(static difference => difference.Key).Order(StringComparer.Ordinal));
        Assert.Equal(["b", "c"], notes.Items.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Edges_come_and_go_with_their_ends_and_their_rivals()
    {
        await Space.TransactAsync(tx =>
        {
            tx.Write(new Mutation.Declare("home", Cardinality.ToOne));
            foreach (var id in new[] { "a", "b", "c" })
            {
                tx.Put(id, null);
            }

            tx.Link(new("a", "home", "b"));
        });
        await using var from = new LiveView<Target.Edge, EdgeSnapshot>(Space.WatchEdgesAsync(new() { From = "a" }));
        await using var to = new LiveView<Target.Edge, EdgeSnapshot>(Space.WatchEdgesAsync(new() { To = "b" }));
        await from.NextAsync();
        await to.NextAsync();

        await Space.TransactAsync(tx => tx.Link(new("a", "home", "c")));
        Assert.Equal(2, (await from.NextAsync()).Differences.Count);
        Assert.Equal(LiveKind.Removed, Assert.Single((await to.NextAsync()).Differences).Kind);
        await Space.TransactAsync(tx => tx.Delete("c"));
        Assert.Equal(LiveKind.Removed, Assert.Single((await from.NextAsync()).Differences).Kind);
        await Space.TransactAsync(tx => tx.Put("c", null));

        Assert.Equal(LiveKind.Added, Assert.Single((await from.NextAsync()).Differences).Kind);
        Assert.Equal(["c"], from.Items.Keys.Select(static edge => edge.To));
    }

    [Fact]
    public async Task Children_come_in_order_and_a_move_among_them_is_told()
    {
        await Space.TransactAsync(tx =>
        {
            foreach (var id in new[] { "p", "a", "b", "c" })
            {
                tx.Put(id, null);
                tx.Write(new Mutation.MoveNode(id, id == "p" ? null : "p", new MovePlace.Last()));
            }
        });
        await using var children = new LiveView<string, NodeSnapshot>(Space.WatchChildrenAsync("p"));
        await children.NextAsync();
        Assert.Equal(["a", "b", "c"], children.Order!);

        _ = await Space.WriteAsync([new Mutation.MoveNode("c", "p", new MovePlace.First())]);
        Assert.Empty((await children.NextAsync()).Differences);
        Assert.Equal(["c", "a", "b"], children.Order!);
        await SetAsync("a", 1);
        Assert.Equal(LiveKind.Changed, Assert.Single((await children.NextAsync()).Differences).Kind);
        await Space.TransactAsync(tx => tx.Delete("p"));
        Assert.Equal(3, (await children.NextAsync()).Differences.Count);

        Assert.Empty(children.Order!);
    }

    [Fact]
    public async Task Nothing_is_missed_or_doubled_between_the_first_result_and_those_after_it()
    {
        const int Writers = 4;
        const int Each = 60;
        var writes = Enumerable.Range(0, Writers).Select(WriteAsync).ToArray();
        var views = new List<LiveView<string, NodeSnapshot>>();
        for (var i = 0; i < 6; i++)
        {
            // Begun while others write; each takes its first result at another moment.
            var view = new LiveView<string, NodeSnapshot>(Space.WatchNodesAsync(new() { Type = "note" }));
            _ = await view.NextAsync();
            views.Add(view);
        }

        await Task.WhenAll(writes);
        await Space.TransactAsync(tx => tx.Put("last", "note"));
        var due = new Dictionary<string, long>();
        await foreach (var node in Space.ListNodesAsync(new() { Type = "note" }))
        {
            due.Add(node.Id, node.Fields.Count == 0 ? 0 : node.Fields[0].Value.AsInteger());
        }

        foreach (var view in views)
        {
            await view.UntilAsync(static items => items.ContainsKey("last"));
            Assert.Equal(
                due.OrderBy(static pair => pair.Key, StringComparer.Ordinal),
                view.Items.Select(static pair => KeyValuePair.Create(pair.Key, pair.Value.Fields.Count == 0 ? 0 : pair.Value.Fields[0].Value.AsInteger()))
                    .OrderBy(static pair => pair.Key, StringComparer.Ordinal));
            await view.DisposeAsync();
        }

        async Task WriteAsync(int writer)
        {
            await Task.Yield();
            for (var i = 0; i < Each; i++)
            {
                var id = $"{writer}/{i % 7}";
                await Space.TransactAsync(tx =>
                {
                    if (i % 5 == 4 && tx.GetNode(id) is not null)
                    {
                        tx.Delete(id);
                    }
                    else
                    {
                        tx.Put(id, i % 11 == 3 ? "other" : "note", new KeyValuePair<string, Value>("v", Value.From((long)i)));
                    }
                });
            }
        }
    }

    [Fact]
    public async Task What_lies_far_behind_is_looked_at_whole()
    {
        await using var notes = new LiveView<string, NodeSnapshot>(Space.WatchNodesAsync(new() { Prefix = "n" }));
        _ = await notes.NextAsync();
        for (var i = 0; i < 11; i++)
        {
            var page = i;
            _ = await Space.WriteAsync([.. Enumerable.Range(0, 1000).Select(at => new Mutation.PutNode($"n{page}/{at}", null, []))]);
        }

        await notes.UntilAsync(static items => items.Count == 11_000);
    }

    [Fact]
    public void What_can_not_be_followed_is_refused()
    {
        Assert.Equal("REPLICA_INVALID", Assert.Throws<ReplicaException>(() => Space.WatchNodesAsync(new() { Limit = 3 })).Code);
        Assert.Equal("REPLICA_INVALID", Assert.Throws<ReplicaException>(() => Space.WatchEdgesAsync(new() { Relation = "knows" })).Code);
    }

    private Task<ChangeReceipt> SetAsync(string id, long value) => Space.TransactAsync(tx => tx.Set(id, "v", Value.From(value)));
}
