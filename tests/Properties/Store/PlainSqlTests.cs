using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Peer.Store;
using Replica.Peer.Store.Sqlite;
using Replica.Testing.Histories;
using Replica.Testing.Ledgers;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Store;

/// <summary>What people with an SQLite tool see is what the readers show.</summary>
public sealed class PlainSqlTests(ITestOutputHelper output) : IDisposable
{
    private const long FarFuture = 4_000_000_000_000;

    private readonly TestEngines _engines = new();

    public void Dispose() => _engines.Dispose();

    [Fact]
    public void The_view_of_edges_shows_those_that_show() => Seeds.ForEach(output, chance =>
    {
        var history = HistoryGenerator.Next(chance, HistoryShape.Next(chance) with { Nodes = 3, Steps = 40 });
        using var engine = _engines.Create("sqlite");
        var ledger = new SpaceLedger(engine, new SimulatedSigner(default));
        ledger.Begin();
        ledger.Join(history.Space);
        foreach (var run in HistoryRuns.ToRuns(history.Space, history.Reorder(chance)))
        {
            Assert.Equal(RunVerdict.Applied, ledger.ApplyRun(run, FarFuture).Verdict);
        }

        ledger.Commit();

        using var reader = engine.OpenReader();
        var expected = reader.ReadEdges(null, null).Select(static edge => edge.Edge).ToHashSet();
        Assert.True(expected.SetEquals(Query()), $"{string.Join(", ", expected)}\n{string.Join(", ", Query())}\n{history.ToStory()}");
    }, cases: 60);

    private List<Target.Edge> Query()
    {
        using var connection = SqliteConnectionHandle.Open(_engines.LastPath, mayCreate: false);
        using var read = connection.Prepare("SELECT from_id, relation, to_id, key FROM visible_edges");
        var edges = new List<Target.Edge>();
        while (read.Step())
        {
            edges.Add(new(read.Text(0), read.Text(1), read.Text(2), read.Text(3)));
        }

        return edges;
    }
}
