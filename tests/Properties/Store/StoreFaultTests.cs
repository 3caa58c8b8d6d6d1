using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Store;
using Replica.Peer.Store.Memory;
using Replica.Testing.Ledgers;
using Replica.Testing.Model;
using Replica.Testing.World;
using Xunit;

namespace Replica.Tests.Properties.Store;

/// <summary>What a store makes of commits that fail, and of what a dead process left behind. Found by the simulator's plan "disk".</summary>
public sealed class StoreFaultTests
{
    [Fact]
    public void A_commit_that_took_effect_though_it_failed_is_put_on_disk_and_announced() => Run((world, disk) =>
    {
        var store = world.Open(disk);
        world.Found(store);
        disk.NextCommit = CommitFault.Unknown;

        var failure = Assert.Throws<StoreException>(() => world.Write(store, "n"));
        Assert.Equal(StoreFault.OutcomeUnknown, failure.Fault);
        Assert.Contains("it is there", failure.Message);

        Assert.Equal(2UL, store.Durable[0].Seq);
    });

    [Fact]
    public void What_a_dead_process_committed_is_put_on_disk_before_it_is_announced() => Run((world, disk) =>
    {
        var store = world.Open(disk);
        world.Found(store);
        disk.NextCommit = CommitFault.DiesAfter;
        Assert.Throws<StoreException>(() => world.Write(store, "n"));
        var flushed = false;
        var next = SimulatedDisk.Open(world.Engine, static () => { }, () => flushed = true);

        var again = world.Open(next);

        Assert.True(flushed);
        Assert.Equal(2UL, again.Durable[0].Seq);
    });

    [Fact]
    public void What_cannot_be_put_on_disk_at_the_start_can_be_read_and_is_announced_later() => Run((world, disk) =>
    {
        var store = world.Open(disk);
        world.Found(store);
        world.Write(store, "n");
        disk.Die();
        var next = SimulatedDisk.Open(world.Engine, static () => { }, static () => { });
        next.FillUp(0);

        var again = world.Open(next);
        Assert.Empty(again.Durable);
        using (var reader = again.OpenReader())
        {
            Assert.NotNull(reader.GetNode("n"));
        }

        world.Time.Advance(3_000);
        Assert.Empty(again.Durable);
        next.Free();
        world.Time.Advance(3_000);

        Assert.Equal(2UL, again.Durable[0].Seq);
    });

    [Fact]
    public void A_run_that_could_not_be_stored_leaves_no_heads_behind_for_the_log_that_takes_its_number()
    {
        // An add to a counter then named a place in the other log's chain, and counted on no other replica.
        var disk = SimulatedDisk.Open(new MemoryEngine(), static () => { }, static () => { });
        var space = new TestSpace(disk);
        var others = new AuthorKey(new(9, 0));
        Operation[] promotions = [new Operation.Promote(TestSpace.Stranger, Role.Writer), new Operation.Promote(others, Role.Writer)];
        space.Accepts(space.FounderLog.Run(
            space.Space, space.FounderLog.Next(TestSpace.Now + 4, [], [new(Target.Space.Instance, promotions)])));
        var log = new TestLog(others, "other");
        var run = log.Run(
            space.Space,
            log.Next(TestSpace.Now + 5, [space.FounderLog.Tip], [log.HeaderGroup]),
            log.Next(TestSpace.Now + 6, [], [TestSpace.Set("x", "f", 1)]),
            log.Next(TestSpace.Now + 7, [], [TestSpace.Set("x", "f", 2)]));
        space.Ledger.Begin();
        disk.FillUp(2);
        Assert.Throws<StoreException>(() => space.Ledger.ApplyRun(run, TestSpace.Now + 8));
        space.Ledger.Rollback();
        disk.Free();

        var node = new Target.Node("n");
        Write(space.Ledger, tx => tx.Add(node, new Operation.SetCounter("c", 15)));
        Write(space.Ledger, tx => tx.AddToCounter(node, "c", 8));

        Assert.Equal(SlowModel.Fold(LedgerState.Changes(disk)).ToLines(), LedgerState.ToLines(space.Ledger, disk));
    }

    private static void Write(SpaceLedger ledger, Action<ITransaction> body)
    {
        ledger.Begin();
        _ = ledger.Transact(
            transaction =>
            {
                body(transaction);
                return 0;
            },
            ("stranger", new(11)),
            TestSpace.Now + 10,
            out _);
        ledger.Commit();
    }

    private static void Run(Action<StoreWorld, SimulatedDisk> test)
    {
        var before = SynchronizationContext.Current;
        var world = new StoreWorld();
        SynchronizationContext.SetSynchronizationContext(world.Scheduler);
        try
        {
            test(world, SimulatedDisk.Open(world.Engine, static () => { }, static () => { }));
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private sealed class StoreWorld
    {
        public StoreWorld() => Time = new(1_700_000_000_000, Scheduler);

        public SimulatedScheduler Scheduler { get; } = new();

        public VirtualTime Time { get; }

        public MemoryEngine Engine { get; } = new();

        public SpaceStore Open(SimulatedDisk disk) =>
            new(disk, new SimulatedSigner(TestSpace.Founder), new("test", new SimulatedClock(Time), static () => new(7)));

        public void Found(SpaceStore store) => _ = Scheduler.Finish(store.FoundAsync(Durability.Full, CancellationToken.None));

        public void Write(SpaceStore store, string node) => _ = Scheduler.Finish(store.WriteAsync(
            transaction =>
            {
                transaction.Add(new Target.Node(node), new Operation.SetField("f", Value.From(1)));
                return 0;
            },
            CancellationToken.None));
    }
}
