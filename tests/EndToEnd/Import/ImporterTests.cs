using System.Text;
using Replica.Peer.Host;
using Replica.PeerCli.Import;
using Xunit;

namespace Replica.Tests.EndToEnd.Import;

/// <summary>How lines become transactions.</summary>
public sealed class ImporterTests
{
    private readonly List<string> _sent = [];

    [Fact]
    public async Task Lines_go_in_batches_and_the_rest_behind_them()
    {
        var importer = Importer(batch: 2);

        await importer.RunAsync("f", Lines(good: 5), default);

        Assert.Equal([2, 2, 1], _sent.Select(static body => body.Split("\"put\"").Length - 1));
        Assert.Equal((5, 3), (importer.Tally.Lines, importer.Tally.Transactions));
    }

    [Fact]
    public async Task A_bad_line_stops_the_import_before_anything_of_its_transaction_is_written()
    {
        var importer = Importer(batch: 2);

        var fault = await Assert.ThrowsAsync<ReplicaException>(() => importer.RunAsync("f", Lines(good: 3, thenBad: true), default));

        Assert.Single(_sent);
        Assert.Contains("f line 4: bad.", fault.Message);
        Assert.Contains("2 lines before it went in", fault.Message);
    }

    [Fact]
    public async Task Bad_lines_can_be_passed_over_and_are_counted()
    {
        var named = new List<long>();
        var importer = new Importer(CommitAsync, 10, item => named.Add(item.Line), static () => { });

        await importer.RunAsync("f", Lines(good: 3, thenBad: true), default);

        Assert.Equal([4L], named);
        Assert.Equal((3, 1), (importer.Tally.Lines, importer.Tally.Skipped));
    }

    [Fact]
    public async Task Long_lines_are_sent_before_the_batch_is_full()
    {
        var importer = Importer(batch: 1000);
        var big = new KeyValuePair<string, Replica.Crdt.Values.Value>("x", Replica.Crdt.Values.Value.From(new string('v', 200_000)));

        await importer.RunAsync("f", Repeat(ImportItem.Good(1, [new Mutation.PutNode("a", null, [big])]), 10), default);

        Assert.All(_sent, static body => Assert.InRange(body.Length, 1, 1024 * 1024));
        Assert.Equal(10, importer.Tally.Lines);
    }

    [Fact]
    public async Task A_refused_transaction_names_its_lines()
    {
        var importer = new Importer(
            static (_, _) => Task.FromException(new ReplicaException("REPLICA_X", "No.")), 2, null, static () => { });

        var fault = await Assert.ThrowsAsync<ReplicaException>(() => importer.RunAsync("f", Lines(good: 5), default));

        Assert.Equal("REPLICA_X", fault.Code);
        Assert.Contains("lines 1 to 2", fault.Message);
        Assert.Contains("Nothing was written", fault.Message);
    }

    [Fact]
    public async Task A_stopped_import_counts_what_was_under_way()
    {
        using var stop = new CancellationTokenSource();
        var gate = new TaskCompletionSource();
        var importer = new Importer(
            async (_, _) =>
            {
                _sent.Add("");
                await stop.CancelAsync();
                await gate.Task;
            },
            2, null, static () => { });

        var run = importer.RunAsync("f", Lines(good: 5), stop.Token);
        Assert.False(run.IsCompleted);
        gate.SetResult();
        var fault = await Assert.ThrowsAsync<ReplicaException>(() => run);

        Assert.Single(_sent);
        Assert.Equal("REPLICA_STOPPED", fault.Code);
        Assert.Equal(2, importer.Tally.Lines);
    }

    private Importer Importer(int batch) => new(CommitAsync, batch, null, static () => { });

    private Task CommitAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        _sent.Add(Encoding.UTF8.GetString(body.Span));
        return Task.CompletedTask;
    }

    private static async IAsyncEnumerable<ImportItem> Lines(int good, bool thenBad = false)
    {
        for (var i = 1; i <= good; i++)
        {
            yield return ImportItem.Good(i, [new Mutation.PutNode($"n{i}", null, [])]);
        }

        await Task.CompletedTask;
        if (thenBad)
        {
            yield return ImportItem.Bad(good + 1, "bad.");
        }
    }

    private static async IAsyncEnumerable<ImportItem> Repeat(ImportItem item, int times)
    {
        await Task.CompletedTask;
        for (var i = 0; i < times; i++)
        {
            yield return item;
        }
    }
}
