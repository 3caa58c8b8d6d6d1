using System.Globalization;
using System.Text;
using System.Text.Json;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Peer.Store;
using Replica.Peer.Store.Sqlite;
using Replica.Peer.Store.Tree;
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
    public void The_view_of_edges_shows_those_that_show() => ForHistories(reader => (
        reader.ReadEdges(null, null).Select(static edge => $"{edge.Edge} {Encoding.UTF8.GetString(edge.Data.Span)}"),
        Query("SELECT from_id, relation, to_id, key, data FROM visible_edges", static row =>
            $"{new Target.Edge(row.Text(0), row.Text(1), row.Text(2), row.Text(3))} {row.Text(4)}")));

    [Fact]
    public void The_view_of_nodes_shows_those_that_show_with_their_fields() => ForHistories(reader => (
        reader.ReadNodes(null, null).Select(static node => $"{node.Id} {node.Type} {Encoding.UTF8.GetString(node.Data.Span)}"),
        Query("SELECT id, type, data FROM visible_nodes", static row => $"{row.Text(0)} {row.Text(1)} {row.Text(2)}")));

    [Fact]
    public void The_view_of_fields_shows_each_field_of_each_node_that_shows() => ForHistories(reader => (
        reader.ReadNodes(null, null).SelectMany(static node => Fields(node)),
        Query("SELECT id, name, type, CASE type WHEN 'real' THEN printf('%!.17g', value) ELSE value END FROM visible_fields", static row =>
            $"{row.Text(0)} {row.Text(1)} {row.Text(2)} {(row.Text(2) == "real" ? Exact(row.Text(3)) : row.Text(3))}")));

    [Fact]
    public void The_view_of_the_tree_shows_who_is_where_and_how_deep() => ForHistories(reader => (
        TreeWalk.Below(reader.Tree, null).Select(static item => $"{item.Id} under {item.Parent} at {item.Depth}"),
        Query("SELECT id, parent_id, depth FROM visible_tree", static row => $"{row.Text(0)} under {row.Text(1)} at {row.Integer(2)}")));

    private static IEnumerable<string> Fields(VisibleNode node)
    {
        using var fields = JsonDocument.Parse(node.Data);
        foreach (var field in fields.RootElement.EnumerateObject().ToArray())
        {
            var value = field.Value;
            yield return $"{node.Id} {field.Name} " + value.ValueKind switch
            {
                JsonValueKind.Null => "null ",
                JsonValueKind.True => "true 1",
                JsonValueKind.False => "false 0",
                JsonValueKind.String => $"text {value.GetString()}",
                JsonValueKind.Number when value.GetRawText().AsSpan().ContainsAny('.', 'E') => $"real {Exact(value.GetRawText())}",
                JsonValueKind.Number => $"integer {value.GetRawText()}",
                _ => $"{value.ValueKind.ToString().ToLowerInvariant()} {value.GetRawText()}",
            };
        }
    }

    /// <summary>As exact as SQLite before 3.43 reads numbers: the last of 17 digits may be off, and only <c>data</c> is exact (docs/storage.md).</summary>
    private static string Exact(string number) => double.Parse(number, CultureInfo.InvariantCulture).ToString("G12", CultureInfo.InvariantCulture);

    /// <summary>Compares what a reader shows with what a view says, in spaces with random histories.</summary>
    private void ForHistories(Func<IStoreReader, (IEnumerable<string> Shown, IEnumerable<string> Said)> ask) => Seeds.ForEach(output, chance =>
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
        var (shown, said) = ask(reader);
        string[] expected = [.. shown.Order(StringComparer.Ordinal)];
        string[] found = [.. said.Order(StringComparer.Ordinal)];
        Assert.True(expected.SequenceEqual(found), $"{string.Join("\n", expected)}\n--- but\n{string.Join("\n", found)}\n{history.ToStory()}");
    }, cases: 60, kept: 31616139848177);

    private List<string> Query(string sql, Func<SqliteStatement, string> text)
    {
        using var connection = SqliteConnectionHandle.Open(_engines.LastPath, mayCreate: false);
        using var read = connection.Prepare(sql);
        var rows = new List<string>();
        while (read.Step())
        {
            rows.Add(text(read));
        }

        return rows;
    }
}
