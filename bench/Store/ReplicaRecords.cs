using Replica.Crdt.Values;
using Replica.Peer.Host;

namespace Replica.Bench.Store;

/// <summary>The product as an application uses it, with records in one space.</summary>
internal sealed class ReplicaRecords(ReplicaHome home, ReplicaSpace space) : IAsyncDisposable
{
    /// <summary>Makes a home with a space in the folder.</summary>
    public static async Task<ReplicaRecords> CreateAsync(string folder, CancellationToken cancellationToken)
    {
        var home = await ReplicaHome.OpenOrCreateAsync(new HomeOptions { Directory = folder }, cancellationToken);
        return new(home, await home.CreateSpaceAsync("main", cancellationToken: cancellationToken));
    }

    public static Mutation ToMutation(Record record) => new Mutation.PutNode(
        record.Id,
        null,
        [
            new("title", Value.From(record.Title)),
            new("quantity", Value.From(record.Quantity)),
            new("price", Value.From(record.Price)),
            new("done", Value.From(record.Done)),
            new("changed", Value.From(record.ChangedAt)),
        ]);

    public static Mutation ToUpdate(string id, long quantity) => new Mutation.PutNode(id, null, [new("quantity", Value.From(quantity))]);

    public async Task<int> WriteAsync(IReadOnlyList<Mutation> mutations, CancellationToken cancellationToken) =>
        (await space.WriteAsync(mutations, cancellationToken)).Dot is null ? 0 : mutations.Count;

    public async ValueTask<bool> ReadAsync(string id, CancellationToken cancellationToken) =>
        await space.GetNodeAsync(id, cancellationToken) is { Fields.Count: 5 };

    /// <summary>Fills it, 1,000 records a transaction.</summary>
    /// <returns>How many it wrote.</returns>
    public async Task<int> FillAsync(Record[] records, CancellationToken cancellationToken)
    {
        var written = 0;
        foreach (var batch in records.Chunk(1_000))
        {
            written += await WriteAsync(Array.ConvertAll(batch, ToMutation), cancellationToken);
        }

        return written;
    }

    public ValueTask DisposeAsync() => home.DisposeAsync();
}
