using Replica.Crdt.Causality;
using Replica.Peer.Exchange;
using Replica.Peer.Store;
using Replica.Testing;
using Replica.Testing.Histories;
using Replica.Testing.Ledgers;
using Replica.Testing.Model;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Store;

/// <summary>Random histories with copied writers: the slow model is the judge, on both stores, in every order that causality allows.</summary>
public sealed class ForkHistoryTests(ITestOutputHelper output) : IDisposable
{
    private const long FarFuture = 4_000_000_000_000;

    private readonly TestEngines _engines = new();

    public void Dispose() => _engines.Dispose();

    [Fact]
    public void T4_F12_a_ledger_shows_what_the_slow_model_shows_of_forked_logs_in_every_causal_order()
    {
        var forks = 0;
        Seeds.ForEach(output, chance =>
        {
            var history = HistoryGenerator.Next(chance, HistoryShape.Next(chance) with { ForkPercent = 20, Steps = chance.Between(15, 50) });
            var expected = SlowModel.Fold(history.Changes.Select(static c => new ChainedChange(c.Change, c.Base))).ToLines();
            for (var i = 0; i < 3; i++)
            {
                var order = i == 0 ? history.Changes : history.Reorder(chance);
                using var engine = _engines.Create(i == 2 && chance.Percent(20) ? "sqlite" : "memory");

                var ledger = Apply(history, order, engine, chance);

                var found = LedgerState.ToLines(ledger, engine);
                Assert.True(StateLines.FirstDifference(expected, found) is null, $"{StateLines.FirstDifference(expected, found)}\n{history.ToStory()}");
                Assert.Equal(Tips(history), ledger.Positions());
                forks += ledger.Logs.Count(static log => log.Fork is not null);
            }
        });

        Assert.True(forks > 0, "no history had a fork");
    }

    private static SpaceLedger Apply(History history, IEnumerable<HistoryChange> order, IStoreEngine engine, Chance chance)
    {
        var ledger = new SpaceLedger(engine, new SimulatedSigner(new(new(1, 1))));
        ledger.Begin();
        ledger.Join(history.Space);
        foreach (var run in HistoryRuns.ToRuns(history.Space, order))
        {
            var result = ledger.ApplyRun(run, FarFuture);
            Assert.True(result.Verdict == RunVerdict.Applied, $"{result}\n{history.ToStory()}");
            Assert.Equal(run.Log, ledger.Logs[result.Branch!.Value.Value].Log);
            if (chance.Percent(30))
            {
                ledger.Commit();
                ledger = chance.Percent(30) ? new SpaceLedger(engine, ledger.Identity) : ledger;
                ledger.Begin();
            }
        }

        ledger.Commit();
        return ledger;
    }

    private static IEnumerable<Position> Tips(History history)
    {
        var followed = history.Changes.Select(static written => written.BasePlace).ToHashSet();
        return history.Changes.Select(static written => written.Place).Where(place => !followed.Contains(place)).Order();
    }
}
