using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Peer.Store;
using Replica.Testing;
using Replica.Testing.Histories;
using Replica.Testing.Ledgers;
using Replica.Testing.Model;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Store;

/// <summary>Histories that are mostly moves, with deletes of parents between them: the plain fold is the judge.</summary>
public sealed class TreeHistoryTests(ITestOutputHelper output) : IDisposable
{
    private const long FarFuture = 4_000_000_000_000;
    private readonly TestEngines _engines = new();

    public static TheoryData<string> Engines => TestEngines.Kinds;

    public void Dispose() => _engines.Dispose();

    [Fact]
    public void After_every_change_the_tree_is_the_fold_of_all_moves() => Seeds.ForEach(output, chance => Follow(chance, "memory"));

    [Fact]
    public void After_every_change_the_tree_in_the_file_is_the_fold_of_all_moves() =>
        Seeds.ForEach(output, chance => Follow(chance, "sqlite"), cases: 15);

    [Theory, MemberData(nameof(Engines))]
    public void A_batch_of_late_moves_gives_what_one_by_one_gives(string kind) => Seeds.ForEach(output, chance =>
    {
        var history = HistoryGenerator.Next(chance, Shape(chance));
        var expected = SlowModel.Fold(history.Changes.Select(c => c.Change)).ToLines();
        using var engine = _engines.Create(kind);
        var ledger = new SpaceLedger(engine, new SimulatedSigner(default));
        ledger.Begin();
        ledger.Join(history.Space);
        foreach (var next in history.Reorder(chance))
        {
            Assert.Equal(RunVerdict.Applied, ledger.ApplyRun(HistoryRuns.ToRun(history.Space, next), FarFuture).Verdict);
            if (chance.Percent(10))
            {
                ledger.Commit();
                ledger.Begin();
            }
        }

        ledger.Commit();

        var difference = StateLines.FirstDifference(expected, LedgerState.ToLines(ledger, engine));
        Assert.True(difference is null, $"{difference}\n{history.ToStory()}");
    }, cases: kind == "memory" ? 200 : 20);

    private void Follow(Chance chance, string kind)
    {
        var history = HistoryGenerator.Next(chance, Shape(chance));
        using var engine = _engines.Create(kind);
        var ledger = new SpaceLedger(engine, new SimulatedSigner(default));
        ledger.Begin();
        ledger.Join(history.Space);
        ledger.Commit();
        var applied = new List<Change>();
        foreach (var next in history.Reorder(chance))
        {
            ledger.Begin();
            Assert.Equal(RunVerdict.Applied, ledger.ApplyRun(HistoryRuns.ToRun(history.Space, next), FarFuture).Verdict);
            ledger.Commit();
            applied.Add(next.Change);

            var difference = StateLines.FirstDifference(SlowModel.Fold(applied).ToLines(), LedgerState.ToLines(ledger, engine));
            Assert.True(difference is null, $"{difference}\n{history.ToStory()}");
        }
    }

    private static HistoryShape Shape(Chance chance) => new()
    {
        Replicas = chance.Between(2, 4),
        Steps = chance.Between(10, 60),
        HearPercent = chance.Between(5, 50),
        Nodes = chance.Between(3, 6),
        OperationsMax = chance.Between(1, 4),
        SkewMilliseconds = chance.Pick([0, 1_000, 60_000]),
        MovePercent = chance.Between(60, 90),
    };
}
