using System.Diagnostics;
using Replica.Crdt.Causality;
using Replica.Crdt.Tree;
using Replica.Peer.Store;
using Replica.Testing;
using Replica.Tests.Properties.Store;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Crdt.Tree;

/// <summary>What moves cost, counted by what they ask of the store.</summary>
public sealed class MoveCostTests(ITestOutputHelper output) : IDisposable
{
    private const int Many = 100_000;
    private static readonly TreePosition s_position = TreePosition.FromBytes([0, 0, 0, 0, 0, 0, 0x81]);
    private readonly TestEngines _engines = new();
    private readonly OneLog _view = new();
    private Stamp _folded;

    public static TheoryData<string> Engines => TestEngines.Kinds;

    public void Dispose() => _engines.Dispose();

    [Theory, MemberData(nameof(Engines))]
    public void A_late_move_among_many_asks_only_for_what_was_above_it(string kind) => With(kind, (engine, store) =>
    {
        // A tree in which every node has about ten children, built in order; then each folder moves once more.
        Add(store, "build", Enumerable.Range(1, Many).Select(i => Move(i, i / 10, 2000 + i)));
        Assert.True(store.Reads < 12 * Many);

        var leaf = Add(store, "a late move of a leaf", [Move(Many, 5, 500)]);
        var folder = Add(store, "a late move of a folder at the top", [Move(3, 7, 501)]);
        var batch = Add(store, "a thousand late moves", Enumerable.Range(1, 1000).Select(i => Move(i * 97, i % 1000, 600 + i)));

        Assert.InRange(leaf, 1, 50);
        Assert.InRange(folder, 1, 50);
        Assert.InRange(batch, 1, 10_000);
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_batch_of_late_moves_reads_what_it_concerns_once(string kind) => With(kind, (engine, store) =>
    {
        // The worst there is: all nodes are above each other at some time, so all later moves are judged again.
        var chance = new Chance(3);
        Add(store, "build", Enumerable.Range(1, Many).Select(i => Move(1 + chance.Below(1000), chance.Below(1001), 1000 + i)));
        store.Reads = store.MovesRead = 0;

        Add(store, "a hundred moves before all", Enumerable.Range(1, 100).Select(i => Move(i, 101 + i, 500 + i)));

        Assert.InRange(store.Reads, 1, 1100);
        Assert.InRange(store.MovesRead, 1, Many);
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_deep_chain_of_new_nodes_costs_no_walk(string kind) => With(kind, (engine, store) =>
    {
        _ = Add(store, "a chain", Enumerable.Range(1, Many).Select(i => Move(i, i - 1, 1000 + i)));

        Assert.InRange(store.Reads, 1, 2 * Many);
    });

    private int Add(CountingMoveStore store, string what, IEnumerable<TreeMove> moves)
    {
        var batch = moves.ToArray();
        var (reads, movesRead, writes) = (store.Reads, store.MovesRead, store.Writes);
        var watch = Stopwatch.StartNew();
        MoveFold.Add(batch, _folded, store, _view);
        _folded = batch.Append(new(default, default, default, _folded)).MaxBy(static move => move.Stamp.Time).Stamp;
        output.WriteLine($"{what}: {batch.Length} moves, {watch.Elapsed.TotalMilliseconds:f1} ms, "
            + $"{store.Reads - reads} reads, {store.MovesRead - movesRead} moves read, {store.Writes - writes} writes");
        return store.Reads - reads + store.MovesRead - movesRead;
    }

    private static TreeMove Move(int node, int parent, int time) =>
        new(new(node), new(parent), s_position, new(new((ulong)time), new(0), (ulong)time, 0));

    private void With(string kind, Action<IStoreEngine, CountingMoveStore> test)
    {
        using var engine = _engines.Create(kind);
        engine.Begin();
        test(engine, new(engine.Tree));
        engine.Commit();
    }

    private sealed class OneLog : ICausalView
    {
        public bool HappensBefore(Stamp earlier) => throw new UnreachableException("The fold asks for order, not for causes.");

        public LogId LogOf(BranchId branch) => new(1);

        public HeadPrefix HeadOf(BranchId branch, ulong seq) => throw new UnreachableException("The fold asks for order only.");

        public ChangeHash HashOf(BranchId branch, ulong seq) => throw new UnreachableException("One log has no two changes of one time.");
    }
}
