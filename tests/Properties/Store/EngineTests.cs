using System.Text;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Peer.Store;
using Replica.Peer.Store.Sqlite;
using Replica.Testing.Histories;
using Replica.Testing.Ledgers;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Store;

/// <summary>What a store promises, whichever it is.</summary>
public sealed class EngineTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] OddTexts = ["", "a", "A", "ä", "a\0b", "'; --", "\uffee", "😀", "\u007f", "%", "_"];
    private readonly TestEngines _engines = new();

    public static TheoryData<string> Engines => TestEngines.Kinds;

    public void Dispose() => _engines.Dispose();

    [Theory, MemberData(nameof(Engines))]
    public void An_empty_store_holds_nothing(string kind) => With(kind, engine =>
    {
        var stored = engine.Load();
        Assert.Null(stored.Space);
        Assert.Null(stored.OwnBranch);
        Assert.Empty(stored.Logs);
        Assert.Equal(0, stored.LastArrival);
        Assert.Null(engine.LoadElement(new Target.Node("x")));
        Assert.Null(engine.LoadElement(new Target.Edge("x", "", "y")));
        Assert.Null(engine.FindRun(new(0), 1));
        Assert.Empty(engine.ReadChanges(new(0), 1, 9));
        Assert.Empty(engine.ReadContexts(new(0), 9));
        Assert.Empty(engine.ReadSpaceChanges());
        using var reader = engine.OpenReader();
        Assert.Equal(default, reader.Count());
    });

    [Theory, MemberData(nameof(Engines))]
    public void Readers_see_what_is_committed_and_the_writer_sees_what_it_wrote(string kind) => With(kind, engine =>
    {
        Save(engine, new Target.Node("x"), "old");
        using var before = engine.OpenReader();
        engine.Begin();
        engine.SaveElement(new Target.Node("x"), Row("new"));
        using var during = engine.OpenReader();

        Assert.Equal("new", engine.LoadElement(new Target.Node("x"))!.Value.Type);
        Assert.Equal("old", before.GetNode("x")!.Value.Type);
        Assert.Equal("old", during.GetNode("x")!.Value.Type);

        engine.Commit();
        using var after = engine.OpenReader();
        Assert.Equal("new", after.GetNode("x")!.Value.Type);
        Assert.Equal("old", before.GetNode("x")!.Value.Type);
    });

    [Theory, MemberData(nameof(Engines))]
    public void A_rollback_leaves_nothing(string kind) => With(kind, engine =>
    {
        Save(engine, new Target.Node("x"), "old");
        engine.Begin();
        engine.SaveElement(new Target.Node("x"), Row("new"));
        engine.SaveElement(new Target.Edge("x", "r", "y"), Row(""));
        engine.SaveIdentity(new(new(1, 1)), new(0));
        engine.SaveLog(Log(0, 5));
        engine.AppendChange(new(1, new(0), 1, new byte[] { 7 }), isOnSpace: true);
        engine.AppendRun(Run(1, 0, 0, 1));
        engine.AppendContext(new(new(0), 1, false, [new(new(1), 1)]));

        engine.Rollback();

        Assert.Equal("old", engine.LoadElement(new Target.Node("x"))!.Value.Type);
        Assert.Null(engine.LoadElement(new Target.Edge("x", "r", "y")));
        Assert.Empty(engine.Load().Logs);
        Assert.Null(engine.Load().Space);
        Assert.Equal(0, engine.Load().LastArrival);
        Assert.Empty(engine.ReadSpaceChanges());
        Assert.Empty(engine.ReadContexts(new(0), 9));
        Assert.Null(engine.FindRun(new(0), 1));
        Save(engine, new Target.Edge("x", "r", "y"), "");
        Assert.NotNull(engine.LoadElement(new Target.Edge("x", "r", "y")));
    });

    [Theory, MemberData(nameof(Engines))]
    public void Reopened_it_holds_what_was_committed_and_goes_on(string kind) => With(kind, engine =>
    {
        Save(engine, new Target.Node("x"), "old");
        engine.Begin();
        engine.AppendChange(new(1, new(0), 1, new byte[] { 7 }), isOnSpace: true);
        engine.SaveIdentity(new(new(1, 1)), new(0));
        engine.SaveNote("note", [1, 2]);
        engine.Commit();
        engine.Begin();
        engine.SaveElement(new Target.Node("x"), Row("lost"));
        engine.SaveElement(new Target.Node("lost"), Row("lost"));
        engine.SaveNote("note", null);
        engine.AppendChange(new(2, new(0), 2, new byte[] { 8 }), isOnSpace: true);

        engine.Reopen();

        Assert.Equal(1, engine.Load().LastArrival);
        Assert.Equal(new(new(1, 1)), engine.Load().Space);
        Assert.Equal("old", engine.LoadElement(new Target.Node("x"))!.Value.Type);
        Assert.Null(engine.LoadElement(new Target.Node("lost")));
        Assert.Equal([1, 2], engine.ReadNote("note"));
        Assert.Single(engine.ReadSpaceChanges());
        Save(engine, new Target.Node("x"), "new");
        using var reader = engine.OpenReader();
        Assert.Equal("new", reader.GetNode("x")!.Value.Type);
        Assert.Null(reader.GetNode("lost"));
    });

    [Theory, MemberData(nameof(Engines))]
    public void What_was_committed_without_waiting_for_the_disk_shows_before_and_after_a_flush(string kind) => With(kind, engine =>
    {
        engine.IsSynced = false;
        Save(engine, new Target.Node("x"), "relaxed");
        using (var before = engine.OpenReader())
        {
            Assert.Equal("relaxed", before.GetNode("x")!.Value.Type);
        }

        engine.Flush();
        engine.Flush();

        Assert.False(engine.IsSynced);
        using (var after = engine.OpenReader())
        {
            Assert.Equal("relaxed", after.GetNode("x")!.Value.Type);
        }

        Save(engine, new Target.Node("x"), "next");
        engine.IsSynced = true;
        engine.Reopen();
        Assert.True(engine.IsSynced);
        Assert.Equal("next", engine.LoadElement(new Target.Node("x"))!.Value.Type);
    });

    [Theory, MemberData(nameof(Engines))]
    public void Odd_texts_are_kept_apart_and_come_in_byte_order(string kind) => With(kind, engine =>
    {
        engine.Begin();
        foreach (var text in OddTexts)
        {
            engine.SaveElement(new Target.Node("n" + text), Row(text));
            foreach (var other in OddTexts)
            {
                engine.SaveElement(new Target.Edge("n" + text, other, "n" + other, text), Row(""));
            }
        }

        engine.Commit();

        using var reader = engine.OpenReader();
        Assert.Equal(OddTexts.Select(t => "n" + t).Order(Utf8Order.Instance), reader.ReadNodes(null, null).Select(n => n.Id));
        Assert.Equal(OddTexts.Select(t => "n" + t).Where(t => Utf8Order.Instance.Compare(t, "nä") >= 0).Order(Utf8Order.Instance),
            reader.ReadNodes(null, "nä").Select(n => n.Id));
        Assert.Equal(["n'; --"], reader.ReadNodes("'; --", null).Select(n => n.Id));
        Assert.Equal("a\0b", reader.GetNode("na\0b")!.Value.Type);
        Assert.Null(reader.GetNode("na\0"));
        var edges = reader.ReadEdges(null, null).Select(e => e.Edge).ToArray();
        Assert.Equal(OddTexts.Length * OddTexts.Length, edges.Length);
        Assert.Equal(Sorted(edges), edges);
        Assert.Equal(edges.Where(e => e.From == "n😀"), reader.ReadEdges("n😀", null).Select(e => e.Edge));
        Assert.Equal(edges.Where(e => e.To == "n"), reader.ReadEdges(null, "n").Select(e => e.Edge));
        Assert.Equal(edges.Where(e => e.From == "na" && e.To == "nA"), reader.ReadEdges("na", "nA").Select(e => e.Edge));
        Assert.Equal(new(OddTexts.Length, edges.Length, 0), reader.Count());
    });

    [Theory, MemberData(nameof(Engines))]
    public void An_edge_shows_only_between_nodes_that_show(string kind) => With(kind, engine =>
    {
        var edge = new Target.Edge("x", "r", "y");
        Save(engine, edge, "");
        Save(engine, new Target.Node("x"), "");
        Assert.Empty(Edges(engine));
        Assert.Null(engine.LoadElement(new Target.Node("y")));

        Save(engine, new Target.Node("y"), "");
        Assert.Equal([edge], Edges(engine));

        engine.Begin();
        engine.SaveElement(new Target.Node("x"), Row("", isAlive: false));
        engine.Commit();
        Assert.Empty(Edges(engine));
        using var reader = engine.OpenReader();
        Assert.Null(reader.GetNode("x"));
    });

    [Theory, MemberData(nameof(Engines))]
    public void Runs_and_changes_are_found_by_number_and_by_arrival(string kind) => With(kind, engine =>
    {
        engine.Begin();
        engine.SaveLog(Log(0, 5));
        engine.SaveLog(Log(1, 2));
        (int Branch, ulong Seq)[] changes = [(0, 1), (0, 2), (1, 1), (1, 2), (0, 3), (0, 4), (0, 5)];
        foreach (var (at, (branch, seq)) in changes.Index())
        {
            engine.AppendChange(new(at + 1, new(branch), seq, Body(branch, seq)), isOnSpace: seq == 2);
        }

        engine.AppendRun(Run(1, 0, 0, 2));
        engine.AppendRun(Run(5, 0, 2, 5));
        engine.AppendRun(Run(3, 1, 0, 2));
        engine.Commit();

        Assert.Equal(7, engine.Load().LastArrival);
        Assert.Equal([Log(0, 5), Log(1, 2)], engine.Load().Logs);
        Assert.Equal(Run(5, 0, 2, 5), engine.FindRun(new(0), 3));
        Assert.Equal(Run(1, 0, 0, 2), engine.FindRun(new(0), 2));
        Assert.Null(engine.FindRun(new(0), 6));
        Assert.Equal([2UL, 3, 4], engine.ReadChanges(new(0), 2, 4).Select(c => c.Seq));
        Assert.Equal([(2L, 2UL), (4L, 2UL)], engine.ReadSpaceChanges().Select(c => (c.Arrival, c.Seq)));
        using var reader = engine.OpenReader();
        Assert.Equal([6L, 7L], reader.ReadLog(5, isNewestFirst: false).Select(c => c.Arrival));
        Assert.Equal([2L, 1L], reader.ReadLog(3, isNewestFirst: true).Select(c => c.Arrival));

        var all = reader.ReadRuns(new(0, new Dictionary<BranchId, ulong>(), new HashSet<BranchId>(), 1000));
        Assert.Equal([(1, 0UL, 2), (2, 0UL, 2), (1, 2UL, 3)], all.Runs.Select(r => ((int)r.Run.Log.Value, r.Run.BaseSeq, r.Run.Changes.Count)));
        Assert.Equal(Body(0, 3), all.Runs[2].Run.Changes[0].ToArray());
        Assert.False(all.More);
        var has = new Dictionary<BranchId, ulong> { [new(0)] = 2 };
        Assert.Equal([(2, 0UL), (1, 2UL)], Find(reader, new(0, has, new HashSet<BranchId>(), 1000)));
        Assert.Equal([(2, 0UL)], Find(reader, new(0, has, new HashSet<BranchId> { new(0) }, 1000)));
        var first = reader.ReadRuns(new(0, new Dictionary<BranchId, ulong>(), new HashSet<BranchId>(), 1));
        Assert.True(first.More);
        Assert.Equal([(2, 0UL), (1, 2UL)], Find(reader, new(first.LastArrival, new Dictionary<BranchId, ulong>(), new HashSet<BranchId>(), 1000)));
    });

    [Theory, MemberData(nameof(Engines))]
    public void Context_rows_are_read_from_the_last_full_one(string kind) => With(kind, engine =>
    {
        engine.Begin();
        for (ulong seq = 1; seq <= 9; seq++)
        {
            engine.AppendContext(new(new(0), seq, seq == 4, [new(new(1), seq)]));
            engine.AppendContext(new(new(1), seq, seq == 8, [new(new(0), seq)]));
        }

        engine.Commit();

        Assert.Equal([4UL, 5, 6], engine.ReadContexts(new(0), 6).Select(r => r.Seq));
        Assert.Equal([4UL], engine.ReadContexts(new(0), 4).Select(r => r.Seq));
        Assert.Equal([1UL, 2, 3], engine.ReadContexts(new(0), 3).Select(r => r.Seq));
        Assert.Equal([new(new(1), 5UL)], engine.ReadContexts(new(0), 5)[^1].Entries);
        Assert.True(engine.ReadContexts(new(1), 9)[0].IsFull);
    });

    [Fact]
    public void A_history_rests_in_both_stores_alike_and_comes_back_from_the_file() => Seeds.ForEach(output, chance =>
    {
        var history = HistoryGenerator.Next(chance);
        var order = history.Reorder(chance);
        using var memory = _engines.Create("memory");
        var expected = Take(memory, history, order);
        var sqlite = _engines.Create("sqlite");
        var found = Take(sqlite, history, order);
        sqlite.Dispose();
        using var reopened = SqliteEngine.Open(_engines.LastPath, mayCreate: false);

        Assert.Equal(expected, found);
        Assert.Equal(expected, State(reopened, new SpaceLedger(reopened, new SimulatedSigner(default))));
    }, cases: 10);

    private static string Take(IStoreEngine engine, History history, IEnumerable<HistoryChange> order)
    {
        var ledger = new SpaceLedger(engine, new SimulatedSigner(default));
        ledger.Begin();
        ledger.Join(history.Space);
        foreach (var run in HistoryRuns.ToRuns(history.Space, order))
        {
            Assert.Equal(RunVerdict.Applied, ledger.ApplyRun(run, long.MaxValue / 2).Verdict);
        }

        ledger.Commit();
        return State(engine, ledger);
    }

    private static string State(IStoreEngine engine, SpaceLedger ledger)
    {
        using var reader = engine.OpenReader();
        return string.Join('\n', [
            .. LedgerState.ToLines(ledger, engine),
            .. ledger.Logs.Select(log => log.ToString()),
            .. ledger.Positions().Select(p => p.ToString()),
            .. reader.ReadLog(0, false).Select(c => $"{c.Arrival} {c.Branch} {c.Seq} {Convert.ToHexString(c.Body.Span)}"),
            .. reader.ReadRuns(new(0, new Dictionary<BranchId, ulong>(), new HashSet<BranchId>(), int.MaxValue)).Runs
                .Select(r => $"{r.Run.Log} {r.Run.BaseSeq} {r.Run.BaseHead} {r.End}"),
            reader.Count().ToString(),
        ]);
    }

    private void With(string kind, Action<IStoreEngine> test)
    {
        using var engine = _engines.Create(kind);
        test(engine);
    }

    private static void Save(IStoreEngine engine, Target target, string type)
    {
        engine.Begin();
        engine.SaveElement(target, Row(type));
        engine.Commit();
    }

    private static ElementRow Row(string type, bool isAlive = true) => new(isAlive, type, Encoding.UTF8.GetBytes("{}"), new byte[] { 1 });

    private static LogRow Log(int branch, ulong seq) => new(
        new(branch), new((UInt128)(branch + 1)), new(new(5, 6)), "näme", seq, new(new(7, 8)), new(ulong.MaxValue - (ulong)branch));

    /// <summary>A run of the changes that <see cref="Body"/> gives, with the head that they have: a reader serves no other.</summary>
    private static RunRow Run(long first, int branch, ulong from, ulong to)
    {
        ChainHead before = new(new(1, from)), head = before;
        for (var seq = from + 1; seq <= to; seq++)
        {
            head = head.Append(Change.Hash(Body(branch, seq)));
        }

        return new(first, new(branch), from, to, before, head, new(new byte[64]), 10);
    }

    private static byte[] Body(int branch, ulong seq) => [(byte)branch, (byte)seq];

    private static IEnumerable<(int, ulong)> Find(IStoreReader reader, RunQuery query) =>
        reader.ReadRuns(query).Runs.Select(r => ((int)r.Run.Log.Value, r.Run.BaseSeq));

    private static Target.Edge[] Edges(IStoreEngine engine)
    {
        using var reader = engine.OpenReader();
        return [.. reader.ReadEdges(null, null).Select(e => e.Edge)];
    }

    private static IEnumerable<Target.Edge> Sorted(IEnumerable<Target.Edge> edges) => edges
        .OrderBy(e => e.From, Utf8Order.Instance).ThenBy(e => e.Relation, Utf8Order.Instance)
        .ThenBy(e => e.To, Utf8Order.Instance).ThenBy(e => e.Key, Utf8Order.Instance);
}
