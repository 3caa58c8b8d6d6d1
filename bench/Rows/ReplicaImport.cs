using Replica.Bench.Store;

namespace Replica.Bench.Rows;

/// <summary>The product as an application uses it: a home, a space, transactions of 1,000 records, durable one by one.</summary>
internal sealed class ReplicaImport(Record[] records) : Contender
{
    /// <inheritdoc/>
    public override async ValueTask<long> RunAsync(string folder, CancellationToken cancellationToken)
    {
        await using var space = await ReplicaRecords.CreateAsync(folder, cancellationToken);
        return await space.FillAsync(records, cancellationToken);
    }
}
