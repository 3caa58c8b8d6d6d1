using Replica.Crdt.Values;
using Replica.Peer.Host;

namespace Replica.Bench.Rows;

/// <summary>The product as an application uses it: a home, a space, transactions of 1,000 records, durable one by one.</summary>
internal sealed class ReplicaImport(Record[] records) : Contender
{
    private const int RecordsPerTransaction = 1_000;

    /// <inheritdoc/>
    public override async ValueTask<long> RunAsync(string folder, CancellationToken cancellationToken)
    {
        await using var home = await ReplicaHome.OpenOrCreateAsync(new HomeOptions { Directory = folder }, cancellationToken);
        var space = await home.CreateSpaceAsync("main", cancellationToken: cancellationToken);
        var written = 0;
        foreach (var batch in records.Chunk(RecordsPerTransaction))
        {
            var receipt = await space.WriteAsync(Array.ConvertAll(batch, ToMutation), cancellationToken);
            written += receipt.Dot is null ? 0 : batch.Length;
        }

        return written;
    }

    private static Mutation ToMutation(Record record) => new Mutation.PutNode(
        record.Id,
        null,
        [
            new("title", Value.From(record.Title)),
            new("quantity", Value.From(record.Quantity)),
            new("price", Value.From(record.Price)),
            new("done", Value.From(record.Done)),
            new("changed", Value.From(record.ChangedAt)),
        ]);
}
