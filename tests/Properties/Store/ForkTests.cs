using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Exchange;
using Replica.Peer.Store;
using Replica.Peer.Store.Incarnations;
using Replica.Testing.Ledgers;
using Replica.Testing.Model;
using Xunit;

namespace Replica.Tests.Properties.Store;

/// <summary>Forked logs: both branches are kept, what depends on one depends on that one only, and order of arrival is nobody's business.</summary>
public sealed class ForkTests : IDisposable
{
    private const long Now = TestSpace.Now;

    private readonly TestEngines _engines = new();

    public static TheoryData<string> Engines => TestEngines.Kinds;

    public void Dispose() => _engines.Dispose();

    [Theory, MemberData(nameof(Engines))]
    public void T4_F12_both_branches_are_kept_whichever_comes_first(string kind) => With(kind, space =>
    {
        var (log, other) = (space.WriterLog, space.WriterLog.Branch());
        SignedRun[] runs =
        [
            log.Run(space.Space, log.Next(Now + 4, [], [TestSpace.Set("x", "f", 2)])),
            log.Run(space.Space, log.Next(Now + 8, [], [TestSpace.Set("x", "g", 2)])),
            other.Run(space.Space, other.Next(Now + 5, [], [TestSpace.Set("x", "f", 3)])),
        ];

        ShowsTheSame(space, runs);

        Assert.Equal([log.Tip, other.Tip], space.Ledger.Positions().Where(p => p.Log == log.Log).OrderByDescending(p => p.Seq));
        Assert.Contains(LedgerState.ToLines(space.Ledger, space.Engine), line => line.Contains("conflict in field f"));
    });

    [Theory, MemberData(nameof(Engines))]
    public void F12_a_fork_at_the_first_change_is_kept(string kind) => With(kind, space =>
    {
        var log = new TestLog(TestSpace.Founder, "one", 9);
        var other = new TestLog(TestSpace.Founder, "two", 9);
        SignedRun[] runs =
        [
            log.Run(space.Space, log.Next(Now + 4, [space.FounderLog.Tip], [log.HeaderGroup, TestSpace.Set("x", "f", 2)])),
            log.Run(space.Space, log.Next(Now + 6, [], [TestSpace.Set("x", "f", 4)])),
            other.Run(space.Space, other.Next(Now + 4, [space.FounderLog.Tip], [other.HeaderGroup, TestSpace.Set("x", "f", 3)])),
            other.Run(space.Space, other.Next(Now + 5, [], [TestSpace.Set("y", "f", 4)])),
        ];

        ShowsTheSame(space, runs);

        Assert.Equal(["one", "two"], space.Ledger.Logs.Where(row => row.Log == log.Log).Select(row => row.Name).Order());
    });

    [Theory, MemberData(nameof(Engines))]
    public void F12_a_fork_of_the_founding_log_is_kept(string kind) => With(kind, space =>
    {
        var (log, other) = (space.FounderLog, space.FounderLog.Branch());
        SignedRun[] runs =
        [
            log.Run(space.Space, log.Next(Now + 4, [], [new(Target.Space.Instance, [new Operation.Demote(TestSpace.Writer, Role.Reader)])])),
            other.Run(space.Space, other.Next(Now + 4, [], [TestSpace.Set("x", "f", 3)])),
        ];

        ShowsTheSame(space, runs);

        Assert.Equal(Role.Reader, space.Ledger.RoleOf(TestSpace.Writer));
    });

    [Theory, MemberData(nameof(Engines))]
    public void F12_a_second_founding_change_under_another_space_is_forged(string kind) => With(kind, space =>
    {
        var other = new TestLog(TestSpace.Founder, "founder again");
        var genesis = other.Next(Now, [], [new(Target.Space.Instance, [other.Header, new Operation.Genesis()])]);

        space.Refuses(RunVerdict.Forged, other.Run(default, genesis));
        space.Refuses(RunVerdict.Forged, other.Run(space.Space, genesis));
    });

    [Theory, MemberData(nameof(Engines))]
    public void F12_a_fork_inside_a_run_shares_what_is_equal(string kind) => With(kind, space =>
    {
        var log = space.WriterLog;
        var first = log.Next(Now + 4, [], [TestSpace.Set("x", "f", 2)]);
        var other = log.Branch();
        var run = log.Run(space.Space, first, log.Next(Now + 5, [], [TestSpace.Set("x", "f", 3)]), log.Next(Now + 6, [], [TestSpace.Set("x", "f", 4)]));
        var second = other.Run(space.Space, first, other.Next(Now + 5, [], [TestSpace.Set("x", "g", 3)]));

        ShowsTheSame(space, [run, second]);

        _ = Assert.Single(space.Engine.ReadChanges(space.Ledger.Logs.Single(row => row.Log == log.Log && row.Fork is null).Branch, 3, 3));
        Assert.Equal(3UL, space.Ledger.Logs.Single(row => row.Fork is not null).Fork!.Value.Seq);
    });

    [Theory, MemberData(nameof(Engines))]
    public void F12_a_third_branch_may_leave_the_second_and_come_late(string kind) => With(kind, space =>
    {
        var log = space.WriterLog;
        var second = log.Branch();
        var runs = new List<SignedRun>
        {
            log.Run(space.Space, log.Next(Now + 4, [], [TestSpace.Set("x", "f", 2)])),
            second.Run(space.Space, second.Next(Now + 4, [], [TestSpace.Set("x", "f", 3)])),
        };
        var third = second.Branch();
        for (var i = 0; i < 5; i++)
        {
            runs.Add(second.Run(space.Space, second.Next(Now + 10 + i, [], [TestSpace.Set("x", "f", 10 + i)])));
        }

        runs.Add(third.Run(space.Space, third.Next(Now + 10, [], [TestSpace.Set("x", "f", 20)])));

        ShowsTheSame(space, [.. runs]);

        Assert.Equal(3, space.Ledger.Logs.Count(row => row.Log == log.Log));
    });

    [Theory, MemberData(nameof(Engines))]
    public void F12_what_depends_on_a_branch_depends_on_that_one_only(string kind) => With(kind, space =>
    {
        var (log, other) = (space.WriterLog, space.WriterLog.Branch());
        var delete = new OperationGroup(new Target.Node("x"), [new Operation.Delete()]);
        var kept = log.Run(space.Space, log.Next(Now + 4, [], [TestSpace.Set("x", "f", 2)]));
        var apart = other.Run(space.Space, other.Next(Now + 4, [], [TestSpace.Set("y", "f", 3)]));
        var dependent = new TestLog(TestSpace.Founder, "dependent", 9);
        var deletion = dependent.Run(space.Space, dependent.Next(Now + 9, [other.Tip], [dependent.HeaderGroup, delete]));

        // Its author saw the other branch: the write on this one is concurrent with the delete, which is contested.
        ShowsTheSame(space, [kept, apart, deletion]);

        Assert.Contains(LedgerState.ToLines(space.Ledger, space.Engine), line => line.StartsWith("node \"x\"", StringComparison.Ordinal));
        var covering = space.FounderLog.Run(space.Space, space.FounderLog.Next(Now + 20, [.. new[] { log.Tip, dependent.Tip }.Order()], [delete]));
        space.Accepts(covering);
        Assert.DoesNotContain(LedgerState.ToLines(space.Ledger, space.Engine), line => line.StartsWith("node \"x\"", StringComparison.Ordinal));
        AssertShowsTheModel(space);
    });

    [Theory, MemberData(nameof(Engines))]
    public void F12_a_dependency_on_a_branch_that_is_not_here_waits_for_it(string kind) => With(kind, space =>
    {
        var (log, other) = (space.WriterLog, space.WriterLog.Branch());
        space.Accepts(log.Run(space.Space, log.Next(Now + 4, [], [TestSpace.Set("x", "f", 2)])));
        var missing = other.Run(space.Space, other.Next(Now + 4, [], [TestSpace.Set("x", "f", 3)]));
        var dependent = space.FounderLog.Run(space.Space, space.FounderLog.Next(Now + 9, [other.Tip], [TestSpace.Set("x", "g", 1)]));

        space.Refuses(RunVerdict.DependencyMissing, dependent);
        space.Accepts(missing);
        space.Accepts(dependent);
    });

    [Theory, MemberData(nameof(Engines))]
    public void T4_a_branch_that_depends_on_the_other_one_of_its_log_is_invalid(string kind) => With(kind, space =>
    {
        var (log, other) = (space.WriterLog, space.WriterLog.Branch());
        space.Accepts(log.Run(space.Space, log.Next(Now + 4, [], [TestSpace.Set("x", "f", 2)])));

        space.Refuses(RunVerdict.Invalid, other.Run(space.Space, other.Next(Now + 9, [log.Tip], [TestSpace.Set("x", "f", 3)])));
    });

    [Theory, MemberData(nameof(Engines))]
    public void T4_a_run_on_no_chain_that_is_here_is_a_gap_and_a_bad_one_opens_no_branch(string kind) => With(kind, space =>
    {
        var (log, other) = (space.WriterLog, space.WriterLog.Branch());
        space.Accepts(log.Run(space.Space, log.Next(Now + 4, [], [TestSpace.Set("x", "f", 2)])));
        _ = other.Next(Now + 4, [], [TestSpace.Set("x", "f", 3)]);

        space.Refuses(RunVerdict.Gap, other.Run(space.Space, other.Next(Now + 9, [], [TestSpace.Set("x", "f", 4)])));
        var early = log.Branch();
        space.Refuses(RunVerdict.Invalid, early.Run(space.Space, early.Next(Now + 1, [], [TestSpace.Set("x", "f", 4)])));
        var bytes = new TestLog(TestSpace.Writer, "writer");
        space.Refuses(RunVerdict.Invalid, bytes.Run(space.Space, bytes.Next([0xc1])));
    });

    [Theory, MemberData(nameof(Engines))]
    public void F13_changes_of_the_own_log_that_come_back_end_it_and_the_next_write_covers_them(string kind)
    {
        using var engine = _engines.Create(kind);
        var space = new TestSpace(engine);
        var ledger = new SpaceLedger(engine, new SimulatedSigner(TestSpace.Writer));
        var own = ledger.Logs.Single(row => row.Author == TestSpace.Writer);
        ledger.Begin();
        ledger.SetIdentity(space.Space, own.Branch);
        var run = space.WriterLog.Run(space.Space, space.WriterLog.Next(Now + 4, [], [TestSpace.Set("x", "f", 2)]));
        Assert.Equal(RunVerdict.Applied, ledger.ApplyRun(run, Now).Verdict);
        ledger.Commit();

        Assert.Null(ledger.OwnBranch);
        Assert.Equal(IncarnationReason.PeerHadMore, new SpaceLedger(engine, ledger.Identity).Ended!.Reason);
        ledger.Begin();
        var change = Write(ledger, "new", Now + 9);
        ledger.Commit();
        Assert.NotEqual(space.WriterLog.Log, change.Dot.Log);
        Assert.Equal(2UL, change.Dot.Seq);
        Assert.Equal([space.WriterLog.Tip], LedgerState.Changes(engine).Single(c => c.Header is { Name: "new" }).Deps);
    }

    [Theory, MemberData(nameof(Engines))]
    public void F13_a_branch_of_the_own_log_ends_it(string kind)
    {
        using var engine = _engines.Create(kind);
        var space = new TestSpace(engine);
        var other = space.WriterLog.Branch();
        space.Accepts(space.WriterLog.Run(space.Space, space.WriterLog.Next(Now + 4, [], [TestSpace.Set("x", "f", 2)])));
        var ledger = new SpaceLedger(engine, new SimulatedSigner(TestSpace.Writer));
        ledger.Begin();
        ledger.SetIdentity(space.Space, ledger.Logs.Single(row => row.Author == TestSpace.Writer).Branch);
        _ = ledger.ApplyRun(other.Run(space.Space, other.Next(Now + 4, [], [TestSpace.Set("x", "f", 3)])), Now);
        ledger.Commit();

        ledger.Begin();
        _ = Write(ledger, "new", Now + 9);
        ledger.Commit();

        Assert.Equal(IncarnationReason.Forked, ledger.Ended!.Reason);
        Assert.Equal(
            new[] { space.WriterLog.Tip, other.Tip }.Order(), LedgerState.Changes(engine).Single(c => c.Header is { Name: "new" }).Deps);
        Assert.DoesNotContain(LedgerState.ToLines(ledger, engine), line => line.Contains("conflict"));
    }

    [Theory, MemberData(nameof(Engines))]
    public void F13_bare_claims_burn_at_most_one_log_an_hour(string kind)
    {
        using var engine = _engines.Create(kind);
        _ = new TestSpace(engine);
        var ledger = new SpaceLedger(engine, new SimulatedSigner(TestSpace.Founder));
        var logs = new HashSet<LogId>();
        for (var minute = 0; minute < 100; minute++)
        {
            var now = Now + 1000 + (minute * 60_000L);
            ledger.Begin();
            var change = Write(ledger, "f", now);
            ledger.Commit();
            _ = logs.Add(change.Dot.Log);
            ledger.Begin();
            _ = ledger.Places.Locate(new([new(change.Dot.Log, 900, new(3)), new(change.Dot.Log, 1, new(3))], null), now);
            ledger.Commit();
            ledger = minute % 7 == 0 ? new SpaceLedger(engine, ledger.Identity) : ledger;
        }

        Assert.InRange(logs.Count, 2, 3);
    }

    [Fact]
    public void T4_ten_thousand_branches_of_a_liar_cost_little_each_and_are_all_shown()
    {
        const int Branches = 10_000;
        const long BytesMax = 1_500_000;
        using var engine = _engines.Create("sqlite");
        var space = new TestSpace(engine);
        space.Ledger.Begin();
        var before = 0L;
        for (var i = 0; i < Branches; i++)
        {
            var branch = space.WriterLog.Branch();
            var run = branch.Run(space.Space, branch.Next(Now + 4, [], [TestSpace.Set("x", $"f{i % 50}", i)]));
            before = GC.GetAllocatedBytesForCurrentThread();
            space.Expect(RunVerdict.Applied, run);
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < BytesMax, $"branch {i} took too much");
        }

        space.Ledger.Commit();

        Assert.Equal(Branches, space.Ledger.Logs.Count(row => row.Log == space.WriterLog.Log));
        Assert.Equal(Branches + 1, space.Ledger.Positions().Length);
        var ledger = new SpaceLedger(engine, new SimulatedSigner(TestSpace.Founder));
        ledger.Begin();
        var change = Write(ledger, "f", Now + 9);
        ledger.Commit();
        Assert.Equal(1UL, change.Dot.Seq - 1);
        var report = ledger.Places.Locate(new([new(space.WriterLog.Log, 3, new(1))], null), Now);
        Assert.Equal(PlaceReport.TracesMax, report.Traces[space.WriterLog.Log].Count);
    }

    /// <summary>In every order in which they can come, after a restart, and in the slow model.</summary>
    private void ShowsTheSame(TestSpace space, SignedRun[] runs)
    {
        foreach (var run in runs)
        {
            space.Accepts(run);
        }

        AssertShowsTheModel(space);
        var expected = Shown(space);
        foreach (var order in OrdersOf(runs).Take(50))
        {
            using var engine = _engines.Create("memory");
            var other = new TestSpace(engine);
            other.Ledger.Begin();
            var left = order.ToList();
            while (left.Count > 0)
            {
                // What comes too early is sent again, as a peer would.
                var taken = left.FindIndex(run => other.Ledger.ApplyRun(run, Now).Verdict == RunVerdict.Applied);
                Assert.True(taken >= 0, "none of the runs that are left can be taken");
                left.RemoveAt(taken);
            }

            other.Ledger.Commit();
            Assert.Equal(expected, Shown(other));
        }

        foreach (var run in runs)
        {
            space.Refuses(RunVerdict.Known, run);
        }
    }

    private static Change Write(SpaceLedger ledger, string name, long now)
    {
        _ = ledger.Transact(
            transaction =>
            {
                transaction.Add(new Target.Node("x"), new Operation.SetField("f", Value.From(now)));
                return 0;
            },
            (name, new((ulong)now)),
            now,
            out var change);
        return change!;
    }

    private static string[] Shown(TestSpace space) =>
        [.. LedgerState.ToLines(space.Ledger, space.Engine), .. space.Ledger.Positions().Select(static position => position.ToString())];

    private static void AssertShowsTheModel(TestSpace space)
    {
        var expected = SlowModel.Fold(LedgerState.Chained(space.Engine)).ToLines();
        Assert.Null(Replica.Testing.StateLines.FirstDifference(expected, LedgerState.ToLines(space.Ledger, space.Engine)));
        var again = new SpaceLedger(space.Engine, space.Ledger.Identity);
        Assert.Null(Replica.Testing.StateLines.FirstDifference(expected, LedgerState.ToLines(again, space.Engine)));
    }

    private static IEnumerable<SignedRun[]> OrdersOf(SignedRun[] runs) => runs.Length <= 1
        ? [runs]
        : runs.Index().SelectMany(first => OrdersOf([.. runs[..first.Index], .. runs[(first.Index + 1)..]])
            .Select(rest => (SignedRun[])[first.Item, .. rest]));

    private void With(string kind, Action<TestSpace> test)
    {
        using var engine = _engines.Create(kind);
        test(new(engine));
    }
}
