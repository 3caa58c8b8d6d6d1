using Replica.Crdt.Elements;
using Replica.Crdt.Values;
using Replica.Peer.Exchange;
using Replica.Peer.Host;
using Replica.Peer.Store;
using Replica.Testing;
using Replica.Testing.Histories;
using Replica.Testing.Ledgers;
using Replica.Testing.Model;
using Replica.Tests.Properties.Store;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Host;

/// <summary>Whole histories as a user meets them: what is in conflict can be settled, and then nothing is.</summary>
public sealed class SettledHistoryTests(ITestOutputHelper output) : IDisposable
{
    private const long Later = 1_800_000_000_000;
    private const int SettlingMax = 200;

    private readonly TestEngines _engines = new();

    public static TheoryData<string> Engines => TestEngines.Kinds;

    public void Dispose() => _engines.Dispose();

    [Theory, MemberData(nameof(Engines))]
    public void Whatever_is_in_conflict_can_be_settled_by_any_of_its_writes(string kind) => Seeds.ForEach(output, chance =>
    {
        var history = HistoryGenerator.Next(chance, HistoryShape.Next(chance) with { Nodes = 3, MovePercent = 30 });
        using var engine = _engines.Create(kind);
        var ledger = Apply(history, engine, chance);

        var left = SettlingMax;
        for (var conflicts = Conflicts(engine); conflicts.Count > 0; conflicts = Conflicts(engine))
        {
            var conflict = chance.Pick(conflicts);
            Settle(ledger, conflict, chance.Percent(50) ? conflict.Losers[0] : conflict.Shown ?? conflict.Losers[0]);

            Assert.True(Conflicts(engine).TrueForAll(other => Name(other) != Name(conflict)), $"{Name(conflict)} is listed still.\n{history.ToStory()}");
            Assert.True(left-- > 0, $"{conflicts.Count} conflicts are left after {SettlingMax} were settled.\n{history.ToStory()}");
        }

        Assert.Null(StateLines.FirstDifference(SlowModel.Fold(LedgerState.Changes(engine)).ToLines(), LedgerState.ToLines(ledger, engine)));
    }, cases: kind == "memory" ? 150 : 25);

    private static string Name(Conflict conflict) => $"{conflict.Target} {conflict.Place} {conflict.Name}";

    private static void Settle(SpaceLedger ledger, Conflict conflict, ConflictingWrite chosen)
    {
        var settled = new Mutation.Resolve(
            chosen.Edge ?? conflict.Target,
            conflict.Place,
            conflict.Place == ConflictPlace.Field ? conflict.Name : "",
            chosen.Kind,
            conflict.Place == ConflictPlace.Type ? chosen.Value ?? Value.From("") : chosen.Value);
        try
        {
            Write(ledger, settled);
        }
        catch (ReplicaException refused) when (conflict.Place == ConflictPlace.Move && refused.Code is "REPLICA_CYCLE" or "REPLICA_NOT_FOUND")
        {
            // The move that lost may be impossible still; one to the top never is.
            Write(ledger, settled with { Value = null });
        }
    }

    private static List<Conflict> Conflicts(IStoreEngine engine)
    {
        using var reader = engine.OpenReader();
        return [.. new ConflictReader(reader).ReadAll()];
    }

    private static void Write(SpaceLedger ledger, Mutation mutation)
    {
        ledger.Begin();
        try
        {
            _ = ledger.Transact(tx => Mutations.Apply(tx, mutation), ("settler", new(9)), Later, out _);
        }
        finally
        {
            ledger.Commit();
        }
    }

    private static SpaceLedger Apply(History history, IStoreEngine engine, Chance chance)
    {
        var ledger = new SpaceLedger(engine, new SimulatedSigner(history.Changes[0].Author));
        ledger.Begin();
        ledger.Join(history.Space);
        foreach (var run in HistoryRuns.ToRuns(history.Space, history.Reorder(chance)))
        {
            Assert.Equal(RunVerdict.Applied, ledger.ApplyRun(run, Later).Verdict);
        }

        ledger.Commit();
        return ledger;
    }
}
