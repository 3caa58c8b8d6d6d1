using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;
using Replica.Peer.Exchange;
using Replica.Peer.Store;
using Replica.Testing.Ledgers;
using Xunit;

namespace Replica.Tests.Properties.Store;

/// <summary>Local writes: what fails leaves nothing, what succeeds is closed into runs that others take.</summary>
public sealed class LocalTransactionTests : IDisposable
{
    private static readonly (string, IncarnationNonce) Identity = ("me", new(3));
    private readonly TestEngines _engines = new();

    public static TheoryData<string> Engines => TestEngines.Kinds;

    public void Dispose() => _engines.Dispose();

    [Theory, MemberData(nameof(Engines))]
    public void A_transaction_that_fails_leaves_nothing(string kind) => With(kind, (ledger, engine) =>
    {
        Write(ledger, Set("x", Value.From(1)));
        var before = State(ledger, engine);
        ledger.Begin();

        Assert.Throws<InvalidTimeZoneException>(() => Transact(ledger, tx =>
        {
            tx.Add(new Target.Node("x"), new Operation.Delete());
            tx.Add(new Target.Node("y"), new Operation.Create());
            tx.Add(Target.Space.Instance, new Operation.Promote(new(new(8, 8)), Role.Admin));
            Assert.False(tx.IsAlive(new Target.Node("x")));
            throw new InvalidTimeZoneException();
        }));

        ledger.Commit();
        Assert.Equal(before, State(ledger, engine));
        Assert.Equal(Role.None, ledger.RoleOf(new(new(8, 8))));
    });

    [Theory, MemberData(nameof(Engines))]
    public void What_was_given_up_before_the_commit_is_gone(string kind) => With(kind, (ledger, engine) =>
    {
        Write(ledger, Set("x", Value.From(1)));
        var before = State(ledger, engine);
        ledger.Begin();
        Transact(ledger, tx => tx.Add(new Target.Node("x"), new Operation.Delete()));

        ledger.Rollback();

        Assert.Equal(before, State(ledger, engine));
        Write(ledger, Set("x", Value.From(2)));
        Assert.Contains(LedgerState.ToLines(ledger, engine), line => line.EndsWith("{\"f\":2}", StringComparison.Ordinal));
    });

    [Theory, MemberData(nameof(Engines))]
    public void Another_device_does_not_go_on_with_a_log_that_it_can_not_sign(string kind) => With(kind, (ledger, engine) =>
    {
        Write(ledger, Set("x", Value.From(1)));

        // The same store with another key: a copied file, or a home whose device key was lost.
        var other = new SpaceLedger(engine, new SimulatedSigner(TestSpace.Stranger));
        other.Begin();

        Assert.Null(other.OwnBranch);
        Assert.Throws<NotAdmittedException>(() => Transact(other, Set("x", Value.From(2))));

        other.Rollback();
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_change_that_no_peer_would_take_is_not_made(string kind) => With(kind, (ledger, engine) =>
    {
        var before = State(ledger, engine);
        ledger.Begin();

        Assert.Throws<EncodingException>(() => Transact(ledger, Set("x", Value.From(new byte[ValueLimits.ValueBytesMax]))));
        Assert.Throws<EncodingException>(() => Transact(ledger, Set("", Value.Null)));
        Assert.Throws<EncodingException>(() => Transact(ledger, Set(new string('ä', 129), Value.Null)));
        Assert.Throws<EncodingException>(() => Transact(ledger, Set("\ud800", Value.Null)));
        Assert.Throws<ChangeTooLongException>(() => Transact(ledger, tx =>
        {
            for (var i = 0; i < 5; i++)
            {
                tx.Add(new Target.Node("x" + i), new Operation.SetField("f", Value.From(new byte[ValueLimits.ValueBytesMax - 5])));
            }
        }));
        Assert.Throws<ArgumentException>(() => Transact(ledger, tx => tx.Add(new Target.Node("x"), new Operation.Genesis())));
        Assert.Throws<ArgumentException>(() => Transact(ledger, tx => tx.Add(Target.Space.Instance, new Operation.Genesis())));
        Assert.Throws<ArgumentException>(() => Transact(ledger, tx => tx.Add(Target.Space.Instance, new Operation.Create())));
        Assert.Throws<ArgumentException>(() => Transact(ledger, tx => tx.Add(new Target.Edge("x", "", "y"), new Operation.SetType("t"))));
        Assert.Throws<ArgumentException>(() => Transact(ledger, tx => tx.Add(new Target.Node("x"), new Operation.Advisory(200))));

        ledger.Commit();
        Assert.Equal(before, State(ledger, engine));
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_bad_display_name_opens_no_log(string kind)
    {
        using var engine = _engines.Create(kind);
        var space = new TestSpace(engine);
        space.Accepts(space.FounderLog.Run(space.Space, space.FounderLog.Next(
            TestSpace.Now + 9, [], [new(Target.Space.Instance, [new Operation.Promote(TestSpace.Stranger, Role.Writer)])])));
        var before = space.Everything();
        space.Ledger.Begin();

        foreach (var name in new[] { new string('x', 257), "\ud800" })
        {
            Assert.Throws<EncodingException>(() => space.Ledger.Transact(Body(Set("x", Value.Null)), (name, new(1)), TestSpace.Now, out _));
        }

        space.Ledger.Commit();
        Assert.Equal(before, space.Everything());
        Assert.Null(space.Ledger.OwnBranch);
    }

    [Theory, MemberData(nameof(Engines))]
    public void A_device_that_was_not_let_in_writes_nothing(string kind)
    {
        using var engine = _engines.Create(kind);
        var space = new TestSpace(engine);
        var before = space.Everything();
        space.Ledger.Begin();

        Assert.Throws<NotAdmittedException>(() => Transact(space.Ledger, Set("x", Value.Null)));

        space.Ledger.Commit();
        Assert.Equal(before, space.Everything());
    }

    [Theory, MemberData(nameof(Engines))]
    public void A_transaction_without_operations_makes_no_change(string kind) => With(kind, (ledger, engine) =>
    {
        var before = State(ledger, engine);
        ledger.Begin();
        ledger.Transact(static _ => 0, Identity, TestSpace.Now, out var change);
        ledger.Commit();

        Assert.Null(change);
        Assert.Equal(before, State(ledger, engine));
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_run_ends_at_256_changes(string kind) => With(kind, (ledger, engine) =>
    {
        ledger.Begin();
        for (var i = 0; i < 600; i++)
        {
            Transact(ledger, Set("x" + (i % 7), Value.From(i)));
        }

        ledger.Commit();

        Assert.Equal([1, 256, 256, 88], Runs(engine).Select(run => run.Changes.Count));
        Assert.Equal(LedgerState.ToLines(ledger, engine), Copy(ledger, engine));
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_run_ends_before_a_mebibyte_of_changes(string kind) => With(kind, (ledger, engine) =>
    {
        ledger.Begin();
        for (var i = 0; i < 5; i++)
        {
            Transact(ledger, Set("x" + i, Value.From(new byte[ValueLimits.ValueBytesMax - 5])));
        }

        ledger.Commit();

        var runs = Runs(engine);
        Assert.Equal([1, 3, 2], runs.Select(run => run.Changes.Count));
        Assert.All(runs, run => Assert.InRange(run.Changes.Sum(c => c.Length), 1, ChangeLimits.RunBytesMax));
        Assert.Equal(LedgerState.ToLines(ledger, engine), Copy(ledger, engine));
    });

    [Theory, MemberData(nameof(Engines))]
    public void Only_the_first_change_of_a_run_has_deps_and_they_are_the_frontier(string kind)
    {
        using var engine = _engines.Create(kind);
        var space = new TestSpace(engine);
        space.Accepts(space.FounderLog.Run(space.Space, space.FounderLog.Next(
            TestSpace.Now + 9, [], [new(Target.Space.Instance, [new Operation.Promote(TestSpace.Stranger, Role.Writer)])])));
        var ledger = space.Ledger;
        ledger.Begin();
        Transact(ledger, Set("a", Value.From(1)), out var first);
        Transact(ledger, Set("a", Value.From(2)), out var second);

        // The writer's new change covers the founder's old tip, and one more of the founder's is concurrent with it.
        space.Expect(RunVerdict.Applied, space.WriterLog.Run(
            space.Space, space.WriterLog.Next(TestSpace.Now + 20, [space.FounderLog.Tip], [TestSpace.Set("x", "f", 5)])));
        Transact(ledger, Set("a", Value.From(3)), out var third);
        Transact(ledger, Set("a", Value.From(4)), out var fourth);
        ledger.Commit();

        var header = LedgerState.Changes(engine).Single(c => c.Header is { Name: "me" });
        Assert.Equal([space.FounderLog.Log, space.WriterLog.Log], header.Deps.Select(d => d.Log).Order());
        Assert.Empty(first!.Deps);
        Assert.Empty(second!.Deps);
        Assert.Equal([space.WriterLog.Tip], third!.Deps);
        Assert.Empty(fourth!.Deps);
        Assert.All(Runs(engine), run => Assert.All(run.Changes.Skip(1), c => Assert.Empty(ChangeCodec.Decode(c).Deps)));
        Assert.Equal([3, 2], Runs(engine).Where(run => run.Log == header.Dot.Log).Select(run => run.Changes.Count));
    }

    [Theory, MemberData(nameof(Engines))]
    public void A_stranger_that_names_our_open_run_does_no_harm(string kind)
    {
        using var engine = _engines.Create(kind);
        var space = new TestSpace(engine);
        space.Accepts(space.FounderLog.Run(space.Space, space.FounderLog.Next(
            TestSpace.Now + 9, [], [new(Target.Space.Instance, [new Operation.Promote(TestSpace.Stranger, Role.Writer)])])));
        space.Ledger.Begin();
        Transact(space.Ledger, Set("a", Value.From(1)), out var own);
        Transact(space.Ledger, Set("a", Value.From(2)));

        space.Expect(RunVerdict.DependencyMissing, space.WriterLog.Run(space.Space, space.WriterLog.Next(
            TestSpace.Now + 20, [new(own!.Dot.Log, own.Dot.Seq, new(66))], [TestSpace.Set("x", "f", 5)])));

        space.Ledger.Commit();
    }

    private static OperationGroupBody Set(string node, Value value) =>
        tx => tx.Add(new Target.Node(node), new Operation.SetField("f", value));

    private delegate void OperationGroupBody(ITransaction transaction);

    private static Func<ITransaction, int> Body(OperationGroupBody body) => tx =>
    {
        body(tx);
        return 0;
    };

    private static void Transact(SpaceLedger ledger, OperationGroupBody body) => Transact(ledger, body, out _);

    private static void Transact(SpaceLedger ledger, OperationGroupBody body, out Change? change) =>
        ledger.Transact(Body(body), Identity, TestSpace.Now, out change);

    private static void Write(SpaceLedger ledger, OperationGroupBody body)
    {
        ledger.Begin();
        Transact(ledger, body);
        ledger.Commit();
    }

    private static string State(SpaceLedger ledger, IStoreEngine engine) => string.Join('\n',
        [.. LedgerState.ToLines(ledger, engine), .. ledger.Logs.Select(log => log.ToString()), $"{ledger.LastArrival}"]);

    private static IReadOnlyList<SignedRun> Runs(IStoreEngine engine)
    {
        using var reader = engine.OpenReader();
        var page = reader.ReadRuns(new(0, new Dictionary<BranchId, ulong>(), new HashSet<BranchId>(), int.MaxValue));
        Assert.False(page.More);
        return [.. page.Runs.Select(static run => run.Run)];
    }

    /// <summary>What a second replica shows that was given all runs.</summary>
    private IReadOnlyList<string> Copy(SpaceLedger ledger, IStoreEngine engine)
    {
        using var other = _engines.Create("memory");
        var copy = new SpaceLedger(other, new SimulatedSigner(TestSpace.Stranger));
        copy.Begin();
        copy.Join(ledger.Space!.Value);
        Assert.All(Runs(engine), run => Assert.Equal(RunVerdict.Applied, copy.ApplyRun(run, TestSpace.Now).Verdict));
        copy.Commit();
        return LedgerState.ToLines(copy, other);
    }

    private void With(string kind, Action<SpaceLedger, IStoreEngine> test)
    {
        using var engine = _engines.Create(kind);
        var ledger = new SpaceLedger(engine, new SimulatedSigner(TestSpace.Founder));
        ledger.Begin();
        ledger.Found("me", new(1), TestSpace.Now);
        ledger.Commit();
        test(ledger, engine);
    }
}
