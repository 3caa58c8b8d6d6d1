namespace Replica.Bench.Rows;

/// <summary>W5: what another replica wrote comes in. Its signatures are checked before; the rest is one core's work.</summary>
internal sealed class RemoteMerge : IRow
{
    private const int ChangeCount = 100_000;
    private const int NodeCount = 1_000;

    private readonly Lazy<RemoteChanges> _changes = new(() => new(ChangeCount, NodeCount));

    /// <inheritdoc/>
    public string Name => "W5";

    /// <inheritdoc/>
    public string Title => "100,000 single-field changes of another replica decoded, hashed and merged into 1,000 nodes in memory";

    /// <inheritdoc/>
    public long Units => ChangeCount;

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Func<Contender> Make)> Contenders =>
    [
        ("merge core", () => new CoreMerge(_changes.Value)),
        ("whole ledger", () => new LedgerMerge(_changes.Value)),
    ];
}
