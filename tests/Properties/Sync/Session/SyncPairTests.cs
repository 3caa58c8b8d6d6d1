using Replica.Peer.Exchange;
using Replica.Peer.Sync;
using Replica.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Sync.Session;

/// <summary>Two or three replicas over a fake store in virtual time.</summary>
public sealed class SyncPairTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(2);

    [Fact]
    public void Two_replicas_become_equal_and_nothing_is_sent_twice() => Seeds.ForEach(output, chance =>
    {
        var world = NewWorld(chance);
        var (a, b) = (world.Add(), world.Add());
        WriteAtRandom(a, 30);
        WriteAtRandom(b, 30);
        var link = world.Connect(a, b);
        WriteWhileRunning(world, 20);

        world.RunFor(Settling);

        AssertInSync(link);
        Assert.All(link.A.Verdicts.Concat(link.B.Verdicts), static pair => Assert.Equal(RunVerdict.Applied, pair.Verdict));
        Assert.All(new[] { link.A, link.B }, static side => Assert.Equal(0, side.Status.UnacknowledgedBytes));
    }, 60);

    [Fact]
    public void After_a_cut_at_any_message_only_the_unacknowledged_is_sent_again()
    {
        for (var cut = 1; ; cut++)
        {
            var world = NewWorld(new Chance(7));
            var (a, b) = (world.Add(), world.Add());
            WriteAtRandom(a, 12);
            WriteAtRandom(b, 12);
            var link = world.Connect(a, b);
            var (fromA, fromB) = (0L, 0L);
            link.CutAfter = cut;
            link.OnCut = () => (fromA, fromB) = (link.A.Status.UnacknowledgedBytes, link.B.Status.UnacknowledgedBytes);
            WriteWhileRunning(world, 6);
            world.RunFor(TimeSpan.FromSeconds(20));
            if (!link.IsCut)
            {
                Assert.True(cut > 10);
                return;
            }

            var next = world.Connect(a, b);
            world.RunFor(Settling);

            AssertInSync(next);
            Assert.True(BytesKnown(next.B) <= fromA, $"cut {cut}: {BytesKnown(next.B)} came again, {fromA} were unacknowledged");
            Assert.True(BytesKnown(next.A) <= fromB, $"cut {cut}: {BytesKnown(next.A)} came again, {fromB} were unacknowledged");
        }
    }

    [Fact]
    public void Random_cuts_in_a_line_of_three_lose_nothing() => Seeds.ForEach(output, chance =>
    {
        var world = NewWorld(chance);
        var replicas = new[] { world.Add(), world.Add(), world.Add() };
        Array.ForEach(replicas, replica => WriteAtRandom(replica, 10));
        for (var i = 0; i < 6; i++)
        {
            var first = world.Connect(replicas[0], replicas[1]);
            var second = world.Connect(replicas[1], replicas[2]);
            WriteWhileRunning(world, 3);
            world.RunFor(TimeSpan.FromMilliseconds(chance.Below(800)));
            first.Cut();
            second.Cut();
        }

        SyncLink[] links = [world.Connect(replicas[0], replicas[1]), world.Connect(replicas[1], replicas[2])];
        world.RunFor(Settling);

        Assert.All(links, AssertInSync);
        Assert.Equal(replicas[0].Store.Durable, replicas[2].Store.Durable);
    }, 40);

    [Fact]
    public void A_triangle_comes_level_and_to_rest() => Seeds.ForEach(output, chance =>
    {
        var world = NewWorld(chance);
        var (a, b, c) = (world.Add(), world.Add(), world.Add());
        WriteAtRandom(a, 10);
        WriteAtRandom(c, 10);
        SyncLink[] links = [world.Connect(a, b), world.Connect(b, c), world.Connect(c, a)];
        WriteWhileRunning(world, 15);

        world.RunFor(Settling);

        Assert.All(links, AssertInSync);
        AssertAtRest(world, links);
    }, 40);

    [Fact]
    public void At_rest_only_digests_flow()
    {
        var world = NewWorld(new Chance(3));
        var link = world.Connect(world.Add(), world.Add());
        WriteWhileRunning(world, 10);
        world.RunFor(Settling);

        AssertAtRest(world, [link]);
    }

    [Fact]
    public void A_clock_that_is_ahead_holds_its_log_and_what_depends_on_it_until_its_time() => Seeds.ForEach(output, chance =>
    {
        var world = NewWorld(chance);
        var (a, b) = (world.Add(), world.Add());
        var (ahead, free, dependent) = (a.NewLog(), a.NewLog(), a.NewLog());
        _ = a.Write(free);
        _ = a.Write(ahead, notBefore: world.UnixMilliseconds + (20 * 60 * 1000));
        _ = a.Write(dependent);
        _ = a.Write(ahead);
        var link = world.Connect(a, b);
        world.RunFor(TimeSpan.FromSeconds(10));

        Assert.Equal([free], b.Store.Durable.Select(static position => position.Log));
        Assert.Equal([RunVerdict.ClockAhead, RunVerdict.DependencyMissing], link.B.Status.Refused.Select(static r => r.Reason));
        Assert.Equal(link.B.Status.Refused.Select(static r => r.At), link.A.Status.RefusedByPeer.Select(static r => r.At));
        Assert.False(link.A.Status.InSync || link.B.Status.InSync);

        world.RunFor(TimeSpan.FromMinutes(25));

        AssertInSync(link);
        Assert.True(link.A.Sent.Count < 200, $"{link.A.Sent.Count} messages");
    }, 20);

    [Fact]
    public void A_rejected_log_stays_behind_with_what_depends_on_it_and_everything_else_flows() => Seeds.ForEach(output, chance =>
    {
        var world = NewWorld(chance);
        var (a, b) = (world.Add(), world.Add());
        var (free, bad, dependent) = (a.NewLog(), a.NewLog(), a.NewLog());
        _ = a.Write(free, 3);
        _ = a.Write(bad);
        _ = a.Write(bad, 2, fault: RunVerdict.NotAWriter);
        _ = a.Write(dependent);
        _ = b.Write();
        var link = world.Connect(a, b);
        world.RunFor(TimeSpan.FromSeconds(10));
        _ = b.Write();
        world.RunFor(TimeSpan.FromHours(1));

        Assert.Equal([1UL, 0, 3], new[] { bad, dependent, free }.Select(log => b.Store.Tip(log).Seq));
        Assert.Equal(b.Store.Tip(b.Own), a.Store.Tip(b.Own));
        Assert.Contains(link.A.Status.RefusedByPeer, refusal => refusal.At.Log == bad && refusal.Reason == RunVerdict.NotAWriter);
        Assert.False(link.A.Status.InSync || link.B.Status.InSync);
        Assert.Equal(3, link.A.Status.TheyLack);
        Assert.Equal(3, link.B.Status.WeLack);
        // What is missing here and what is here of it: both of what the peer has, and no more.
        Assert.Equal(3 + link.B.Status.TheirPositions.Sum(theirs => (long)Math.Min(theirs.Seq, b.Store.Tip(theirs.Log).Seq)), link.B.Status.TheyHave);
        Assert.Single(link.A.Sent.OfType<SyncMessage.Runs>().SelectMany(static m => m.Items), run => run.Log == bad && run.BaseSeq == 1);
        Assert.True(link.B.Sent.Count(static m => m is not SyncMessage.Digest) < 100);
    }, 20);

    [Fact]
    public void What_was_refused_is_remembered_across_reconnects_and_its_author_is_told()
    {
        var world = NewWorld(new Chance(11));
        var (a, b) = (world.Add(), world.Add());
        _ = a.Write(a.NewLog(), changes: 3, bytes: 5_000, fault: RunVerdict.NotAWriter);
        _ = a.Write(a.NewLog(), bytes: 5_000, notBefore: world.UnixMilliseconds + (long)TimeSpan.FromMinutes(10).TotalMilliseconds);
        _ = a.Write(a.NewLog());
        var first = world.Connect(a, b);
        world.RunFor(TimeSpan.FromSeconds(5));
        var told = first.A.Status.RefusedByPeer;
        first.Cut();

        var again = world.Connect(a, b);
        world.RunFor(TimeSpan.FromSeconds(5));

        Assert.Equal(3, told.Count);
        Assert.Equal(told, again.A.Status.RefusedByPeer);
        Assert.Equal(told.Count, again.B.Status.Refused.Count);
        Assert.Equal(0, again.B.Status.Received.Bytes);
        Assert.False(again.A.Status.InSync || again.B.Status.InSync);

        world.RunFor(TimeSpan.FromMinutes(15));
        Assert.Equal(RunVerdict.NotAWriter, again.B.Status.Refused[0].Reason);
    }

    [Fact]
    public void A_new_peer_that_lacks_what_was_refused_is_level_for_both()
    {
        var world = NewWorld(new Chance(13));
        var (a, b, c) = (world.Add(), world.Add(), world.Add());
        var log = a.NewLog();
        _ = c.Apply([a.Write(log)]);
        var evil = world.Connect(a, b);
        world.RunFor(TimeSpan.FromSeconds(5));
        _ = a.Write(log, fault: RunVerdict.Invalid);
        world.RunFor(TimeSpan.FromSeconds(5));

        // C has the good part of the log, and hears that its end, which it never saw, is not taken.
        var good = world.Connect(b, c);
        world.RunFor(TimeSpan.FromSeconds(5));

        Assert.Single(evil.A.Status.RefusedByPeer);
        Assert.Single(good.A.Sent.OfType<SyncMessage.Reject>());
        AssertInSync(good);
    }

    [Fact]
    public void What_was_held_and_came_by_another_way_is_asked_for_of_a_peer_that_was_told_of_the_hold()
    {
        var world = NewWorld(new Chance(14));
        var (a, b, c, d) = (world.Add(), world.Add(), world.Add(), world.Add());
        var log = a.NewLog();
        var ahead = a.Write(log, notBefore: world.UnixMilliseconds + (long)TimeSpan.FromMinutes(1).TotalMilliseconds);
        var first = world.Connect(a, b);
        world.RunFor(TimeSpan.FromSeconds(5));
        first.Cut();

        // D has it from A as well, and more; B hears of that only after it has taken the held change from C.
        _ = world.Connect(a, d);
        world.RunFor(TimeSpan.FromMinutes(2));
        _ = a.Write(log);
        world.RunFor(TimeSpan.FromSeconds(5));
        _ = c.Apply([ahead]);
        var bd = world.Connect(b, d);
        var bc = world.Connect(b, c);
        world.RunFor(Settling);

        AssertInSync(bd);
        AssertInSync(bc);
    }

    [Fact]
    public void What_one_peer_may_not_bring_does_not_stand_between_others()
    {
        var world = NewWorld(new Chance(12));
        var (a, b, c) = (world.Add(), world.Add(), world.Add());
        _ = b.Write();
        var evil = world.Connect(a, b);
        _ = a.Write(a.NewLog(), fault: RunVerdict.Invalid);
        world.RunFor(TimeSpan.FromSeconds(5));
        var good = world.Connect(b, c);
        world.RunFor(TimeSpan.FromMinutes(2));

        Assert.False(evil.B.Status.InSync);
        AssertInSync(good);
    }

    [Fact]
    public void What_another_peer_brings_settles_a_hold()
    {
        var world = NewWorld(new Chance(11));
        var (a, b, c) = (world.Add(), world.Add(), world.Add());
        var (first, second) = (a.NewLog(), a.NewLog());
        var missing = a.Write(first);
        _ = a.Write(second);

        // As if B had held the first log before; it reaches B by C alone.
        var ab = world.Connect(a, b);
        ab.A.Session.OnMessage(new SyncMessage.Have([], false));
        ab.A.Session.OnMessage(new SyncMessage.Hold(a.Store.Tip(first), RunVerdict.ClockAhead, null));
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(0UL, b.Store.Tip(first).Seq);
        Assert.Contains(ab.B.Status.Refused, static refusal => refusal.Reason == RunVerdict.DependencyMissing);

        _ = c.Apply([missing]);
        var bc = world.Connect(b, c);
        world.RunFor(Settling);

        AssertInSync(ab);
        AssertInSync(bc);
    }

    [Fact]
    public void Where_chains_part_is_told_once_by_each_and_stops_nothing_else()
    {
        // The store of these tests takes no branches: real ones are in ForkSyncTests.
        var world = NewWorld(new Chance(5));
        var (a, b) = (world.Add(), world.Add());
        var forked = a.NewLog();
        _ = a.Write(a.NewLog());
        _ = a.Write(forked, 2);
        _ = b.Write(forked, 3);
        var link = world.Connect(a, b);
        world.RunFor(TimeSpan.FromMinutes(10));

        Assert.Single(link.A.Sent.OfType<SyncMessage.Trace>());
        Assert.Single(link.B.Sent.OfType<SyncMessage.Trace>());
        Assert.False(link.A.Status.InSync || link.B.Status.InSync);
        Assert.Equal(2, b.Store.Durable.Count);
    }

    [Fact]
    public void Long_first_syncs_stay_within_window_and_queue()
    {
        var world = new SyncWorld(new Chance(9), new SyncOptions { Compress = true });
        var (a, b) = (world.Add(), world.Add());
        for (var i = 0; i < 40; i++)
        {
            _ = a.Write(changes: 4, bytes: 100_000);
        }

        var link = world.Connect(a, b);
        var greatest = 0L;
        for (var i = 0; i < 2000; i++)
        {
            world.RunFor(TimeSpan.FromMilliseconds(5));
            greatest = Math.Max(greatest, link.A.Status.UnacknowledgedBytes);
        }

        AssertInSync(link);
        Assert.InRange(greatest, 1_000_000, world.Options.WindowBytes + world.Options.PageBytes + (1 << 20));
        Assert.Equal(40, link.A.Status.Sent.Runs);
    }

    private static SyncWorld NewWorld(Chance chance) => new(chance, new SyncOptions
    {
        Compress = chance.Percent(30),
        PageBytes = chance.Between(1, 400),
        WindowBytes = chance.Between(100, 3000),
        QueuedBytesMax = chance.Between(100, 3000),
        BatchBytes = chance.Between(1, 1000),
    });

    private static void WriteAtRandom(SyncReplica replica, int runs)
    {
        for (var i = 0; i < runs; i++)
        {
            _ = replica.Write(i % 3 == 0 ? replica.NewLog() : null, 1 + (i % 4), 10 + (i * 5 % 60));
        }
    }

    private static void WriteWhileRunning(SyncWorld world, int writes)
    {
        for (var i = 0; i < writes; i++)
        {
            world.Soon(() => world.Chance.Pick(world.Replicas).Write(), 3000);
        }
    }

    private static void AssertInSync(SyncLink link)
    {
        Assert.True(link.A.Status.InSync, Describe(link.A.Status));
        Assert.True(link.B.Status.InSync, Describe(link.B.Status));
        Assert.Equal(SyncPhase.Live, link.A.Status.Phase);
        Assert.Equal(link.A.Status.TheirPositions, link.B.Status.TheirPositions);
    }

    private static void AssertAtRest(SyncWorld world, SyncLink[] links)
    {
        var sides = links.SelectMany(static link => new[] { link.A, link.B }).ToArray();
        var before = sides.Select(static side => side.Sent.Count).ToArray();

        world.RunFor(TimeSpan.FromMinutes(10));

        Assert.All(sides.Zip(before), static pair =>
        {
            Assert.Equal(20, pair.First.Sent.Count - pair.Second);
            Assert.All(pair.First.Sent.Skip(pair.Second), static message => Assert.IsType<SyncMessage.Digest>(message));
        });
    }

    private static long BytesKnown(SyncSide side) => side.Verdicts.Where(static pair => pair.Verdict == RunVerdict.Known)
        .Sum(static pair => pair.Run.Changes.Sum(static change => (long)change.Length));

    private static string Describe(SyncStatus status) =>
        $"{status} refused {string.Join(", ", status.Refused)} by peer {string.Join(", ", status.RefusedByPeer)}";
}
