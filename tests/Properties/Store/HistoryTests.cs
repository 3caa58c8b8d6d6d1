using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Peer.Store;
using Replica.Peer.Store.Memory;
using Replica.Testing;
using Replica.Testing.Histories;
using Replica.Testing.Ledgers;
using Replica.Testing.Model;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Store;

/// <summary>Whole histories through the ledger: the model is the judge, order of arrival is nobody's business.</summary>
public sealed class HistoryTests(ITestOutputHelper output)
{
    private const long FarFuture = 4_000_000_000_000;

    [Fact]
    public void A_ledger_shows_what_the_slow_model_shows_in_every_causal_order() => Seeds.ForEach(output, chance =>
    {
        var history = HistoryGenerator.Next(chance);
        var expected = SlowModel.Fold(history.Changes.Select(c => c.Change)).ToLines();
        for (var i = 0; i < 3; i++)
        {
            var order = i == 0 ? history.Changes : history.Reorder(chance);

            var found = Apply(history, order, chance);

            Assert.True(StateLines.FirstDifference(expected, found) is null,
                $"{StateLines.FirstDifference(expected, found)}\n{history.ToStory()}");
        }
    });

    [Fact]
    public void Every_prefix_of_a_history_shows_what_the_slow_model_shows() => Seeds.ForEach(output, chance =>
    {
        var history = HistoryGenerator.Next(chance);
        using var engine = new MemoryEngine();
        var ledger = Receiver(history, engine);
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
    }, cases: 40);

    private static IReadOnlyList<string> Apply(History history, IEnumerable<HistoryChange> order, Chance chance)
    {
        using var engine = new MemoryEngine();
        var ledger = Receiver(history, engine);
        ledger.Begin();
        foreach (var run in HistoryRuns.ToRuns(history.Space, order))
        {
            var result = ledger.ApplyRun(run, FarFuture);
            Assert.True(result.Verdict == RunVerdict.Applied, $"{result}\n{history.ToStory()}");
            if (chance.Percent(30))
            {
                ledger.Commit();
                ledger = chance.Percent(30) ? new SpaceLedger(engine, ledger.Identity) : ledger;
                ledger.Begin();
            }
        }

        ledger.Commit();
        return LedgerState.ToLines(ledger, engine);
    }

    private static SpaceLedger Receiver(History history, MemoryEngine engine)
    {
        var ledger = new SpaceLedger(engine, new SimulatedSigner(new(new(1, 1))));
        ledger.Begin();
        ledger.Join(history.Space);
        ledger.Commit();
        return ledger;
    }
}
