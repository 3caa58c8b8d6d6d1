namespace Replica.Bench.Rows;

/// <summary>W1: a first import, the way an application fills its store.</summary>

internal sealed class BulkImport : IRow
{
    private const ulong Seed = 1;
    private const int RecordCount = 100_000;

    private readonly Lazy<Record[]> _records = new(() => Records.Generate(Seed, RecordCount));

    /// <inheritdoc/>
    public string Name => "W1";

    /// <inheritdoc/>
    public string Title => "bulk import of 100,000 records of 5 fields, 1,000 a transaction, fsync at each commit";

    /// <inheritdoc/>
    public long Units => RecordCount;

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Func<Contender> Make)> Contenders =>
    [
        ("plain", () => new PlainTableImport(_records.Value)),
        ("replica", () => new ReplicaImport(_records.Value)),
    ];
}
