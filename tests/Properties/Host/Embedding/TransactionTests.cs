using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Xunit;

namespace Replica.Tests.Properties.Host.Embedding;

/// <summary>Transactions that read what they write: atomic, one after the other, and in nobody's way.</summary>
public sealed class TransactionTests : SpaceTests
{
    private static readonly Target.Edge Edge = new("a", "knows", "b");

    [Fact]
    public async Task It_reads_what_it_wrote_and_what_was_there_as_readers_do()
    {
        await Space.TransactAsync(tx =>
        {
            tx.Put("a", "person", new KeyValuePair<string, Value>("name", Value.From("Ada")));
            tx.Write(new Mutation.SetVector("a", new VectorBytes(new byte[8])));
        });
        var (inside, receipt) = await Space.TransactAsync(tx =>
        {
            tx.Set("a", "born", Value.From(1815L));
            tx.Add("a", "visits", 2);
            tx.Write(new Mutation.AddToSet(new Target.Node("a"), "tags", Value.From("x")));
            tx.Put("b", null);
            tx.Link(Edge, new KeyValuePair<string, Value>("since", Value.From(1L)));
            return (Node: tx.GetNode("a"), Edges: tx.ListEdges("a", "knows"), Edge: tx.GetEdge(Edge), Missing: tx.GetNode("c"));
        });

        var node = (await Space.GetNodeAsync("a"))!;
        Assert.Equal(node.Fields, inside.Node!.Fields);
        Assert.Equal((node.Type, 2), (inside.Node.Type, inside.Node.Vector!.Value.Bytes.Length / 4));
        Assert.Equal(["born", "name", "tags", "visits"], node.Fields.Select(static field => field.Key));
        Assert.Equal([Edge], inside.Edges.Select(static edge => edge.Edge));
        Assert.Equal(1L, inside.Edge!.Fields[0].Value.AsInteger());
        Assert.Null(inside.Missing);
        Assert.Equal(6, receipt.Operations);
    }

    [Fact]
    public async Task It_sees_an_edge_only_while_both_its_ends_show_and_one_of_a_relation_to_one()
    {
        await Space.TransactAsync(tx =>
        {
            tx.Write(new Mutation.Declare("knows", Cardinality.ToOne));
            foreach (var id in new[] { "a", "b", "c" })
            {
                tx.Put(id, null);
            }
        });

        await Space.TransactAsync(tx =>
        {
            tx.Link(Edge);
            tx.Link(Edge with { To = "c" });
            Assert.Equal(["c"], tx.ListEdges("a", "knows").Select(static edge => edge.Edge.To));
            tx.Delete("c");
            Assert.Empty(tx.ListEdges("a", "knows"));
            Assert.Null(tx.GetEdge(Edge));
        });
    }

    [Fact]
    public async Task What_it_throws_undoes_all_and_reaches_the_caller()
    {
        var before = await Space.GetPositionAsync();

        await Assert.ThrowsAsync<FormatException>(() => Space.TransactAsync(tx =>
        {
            tx.Put("a", null);
            throw new FormatException("mine");
        }));

        Assert.Null(await Space.GetNodeAsync("a"));
        Assert.Equal(before, await Space.GetPositionAsync());
    }

    [Fact]
    public async Task A_step_that_fails_undoes_all_also_where_the_body_goes_on()
    {
        var fault = await Assert.ThrowsAsync<ReplicaException>(() => Space.TransactAsync(tx =>
        {
            tx.Put("a", null);
            var inside = Assert.Throws<ReplicaException>(() => tx.Delete("missing"));
            Assert.Equal("REPLICA_NOT_FOUND", inside.Code);
        }));

        Assert.Equal("REPLICA_NOT_FOUND", fault.Code);
        Assert.Null(await Space.GetNodeAsync("a"));
        var invalid = await Assert.ThrowsAsync<ReplicaException>(() => Space.TransactAsync(tx => tx.Put("", null)));
        Assert.Equal("REPLICA_INVALID", invalid.Code);
    }

    [Fact]
    public async Task Nothing_that_was_read_is_written_over_by_another_in_between()
    {
        const int Callers = 8;
        const int Each = 25;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            for (var i = 0; i < Each; i++)
            {
                await Space.TransactAsync(tx => tx.Set("n", "sum", Value.From((tx.GetNode("n")?.Fields[0].Value.AsInteger() ?? 0) + 1)));
            }
        }));

        Assert.Equal(Callers * Each, (await Space.GetNodeAsync("n"))!.Fields[0].Value.AsInteger());
    }

    [Fact]
    public async Task What_would_wait_for_itself_and_what_would_outlast_it_is_refused()
    {
        SpaceTransaction? kept = null;
        await Assert.ThrowsAsync<ArgumentException>(() => Space.TransactAsync(async tx =>
        {
            await Task.Yield();
            tx.Put("a", null);
        }));
        await Space.TransactAsync(tx =>
        {
            kept = tx;
            Assert.Throws<InvalidOperationException>(() => Space.WriteAsync([new Mutation.PutNode("b", null, [])]).GetAwaiter().GetResult());
        });

        Assert.Throws<InvalidOperationException>(() => kept!.Put("c", null));
        Assert.Null(await Space.GetNodeAsync("b"));
    }

    [Fact]
    public async Task It_is_not_begun_once_cancelled_and_carried_out_once_begun()
    {
        using var cancelled = new CancellationTokenSource();
        await Space.TransactAsync(
            tx =>
            {
                cancelled.Cancel();
                tx.Put("begun", null);
            },
            cancelled.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Space.TransactAsync(static tx => tx.Put("late", null), cancelled.Token));

        Assert.NotNull(await Space.GetNodeAsync("begun"));
        Assert.Null(await Space.GetNodeAsync("late"));
    }

    [Fact]
    public async Task One_that_only_reads_makes_no_change()
    {
        var (_, receipt) = await Space.TransactAsync(static tx => tx.GetNode("a"));

        Assert.Null(receipt.Dot);
    }
}
