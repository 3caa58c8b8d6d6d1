using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Peer.Store.Memory;
using Replica.Peer.Sync;
using Replica.Testing.Ledgers;
using Replica.Tests.Properties.Store;
using Xunit;

namespace Replica.Tests.Properties.Sync.Session;

/// <summary>Forked logs between real ledgers: traced once, streamed from the newest shared place, equal at the end.</summary>
public sealed class ForkSyncTests
{
    private const long Now = TestSpace.Now;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 40)]
    [InlineData(40, 1)]
    [InlineData(100, 100)]
    public void T4_F12_two_branches_become_known_on_both_sides_from_where_they_part(int mine, int theirs)
    {
        const int Shared = 50;
        var (a, b) = (new TestSpace(new MemoryEngine()), new TestSpace(new MemoryEngine()));
        for (var i = 0; i < Shared; i++)
        {
            var run = Write(a, a.WriterLog, Now + 10 + i);
            a.Accepts(run);
            b.Accepts(run);
        }

        var other = a.WriterLog.Branch();
        Repeat(mine, i => a.Accepts(Write(a, a.WriterLog, Now + 100 + i)));
        Repeat(theirs, i => b.Accepts(Write(b, other, Now + 101 + i)));

        var (left, right) = Sync(a, b);

        Assert.Equal(a.Ledger.Positions(), b.Ledger.Positions());
        Assert.Equal(LedgerState.ToLines(a.Ledger, a.Engine), LedgerState.ToLines(b.Ledger, b.Engine));
        Assert.True(left.Session.Status.InSync && right.Session.Status.InSync);
        Assert.All(new[] { left, right }, end => Assert.Single(end.Sent.OfType<SyncMessage.Trace>()));
        Assert.All(left.Sent.Concat(right.Sent).OfType<SyncMessage.Trace>(), trace => Assert.InRange(trace.Places.Count, 2, 64));
        Assert.Equal(theirs, left.Verdicts.Count(static verdict => verdict == RunVerdict.Applied));
        Assert.Equal(mine, right.Verdicts.Count(static verdict => verdict == RunVerdict.Applied));

        // Steps back double: at most as much comes again as the branches are long.
        Assert.InRange(left.Verdicts.Count + right.Verdicts.Count, mine + theirs, 2 * (mine + theirs) + 4);
    }

    [Fact]
    public void F12_a_branch_that_one_side_gets_later_flows_without_another_trace()
    {
        var (a, b) = (new TestSpace(new MemoryEngine()), new TestSpace(new MemoryEngine()));
        var (second, third) = (a.WriterLog.Branch(), a.WriterLog.Branch());
        a.Accepts(Write(a, a.WriterLog, Now + 10));
        b.Accepts(Write(b, second, Now + 11));
        _ = Sync(a, b);
        a.Accepts(Write(a, third, Now + 12));
        a.Accepts(Write(a, third, Now + 13));
        a.Accepts(Write(a, second, Now + 14));

        var (left, right) = Sync(a, b);

        Assert.Equal(a.Ledger.Positions(), b.Ledger.Positions());
        Assert.Equal(3, b.Ledger.Logs.Count(log => log.Log == second.Log));
        Assert.Empty(left.Sent.Concat(right.Sent).OfType<SyncMessage.Trace>());
        Assert.Equal([RunVerdict.Applied, RunVerdict.Applied, RunVerdict.Applied], right.Verdicts);
    }

    [Fact]
    public void F12_who_depends_on_a_branch_comes_with_it_and_a_bad_branch_stops_no_good_one()
    {
        var (a, b) = (new TestSpace(new MemoryEngine()), new TestSpace(new MemoryEngine()));
        var (second, bad) = (a.WriterLog.Branch(), a.WriterLog.Branch());
        b.Accepts(Write(b, b.WriterLog, Now + 10));
        a.Accepts(Write(a, second, Now + 11));
        a.Accepts(a.FounderLog.Run(a.Space, a.FounderLog.Next(Now + 20, [second.Tip], [TestSpace.Set("y", "f", 1)])));
        var refused = bad.Run(a.Space, bad.Next(Now + 12, [second.Tip], [TestSpace.Set("x", "f", 9)]));

        var (left, right) = Start(a, b, out var work);
        right.Session.OnMessage(new SyncMessage.Runs([refused]));
        Run(work);

        Assert.Equal(a.Ledger.Positions(), b.Ledger.Positions());
        Assert.Equal(RunVerdict.Invalid, Assert.Single(right.Session.Status.Refused).Reason);
        Assert.NotEmpty(left.Sent);
    }

    private static SignedRun Write(TestSpace space, TestLog log, long time) =>
        log.Run(space.Space, log.Next(time, [], [TestSpace.Set("x", $"f{time % 7}", time)]));

    private static (LedgerEnd A, LedgerEnd B) Sync(TestSpace a, TestSpace b)
    {
        var ends = Start(a, b, out var work);
        Run(work);
        return ends;
    }

    private static (LedgerEnd A, LedgerEnd B) Start(TestSpace a, TestSpace b, out Queue<Action> work)
    {
        work = new();
        var (left, right) = (new LedgerEnd(a.Ledger, a.Engine, work, Now + 1000), new LedgerEnd(b.Ledger, b.Engine, work, Now + 1000));
        (left.Other, right.Other) = (right, left);
        left.Session.Start(a.Ledger.Positions());
        right.Session.Start(b.Ledger.Positions());
        return (left, right);
    }

    private static void Run(Queue<Action> work)
    {
        for (var i = 0; work.TryDequeue(out var next); i++)
        {
            Assert.True(i < 10_000, "it does not come to rest");
            next();
        }
    }

    private static void Repeat(int times, Action<int> body)
    {
        for (var i = 0; i < times; i++)
        {
            body(i);
        }
    }
}
