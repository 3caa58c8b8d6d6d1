using System.Globalization;

namespace Replica.Bench.Sync;

/// <summary>N1: a new device takes a whole space over from another: two processes, loopback TCP, Noise, durable at the receiver.</summary>
/// <param name="count">How many records.</param>
internal sealed class FirstSync(int count) : IRow
{
    /// <summary>So many records are the long form of the row.</summary>
    public const int LongCount = 1_000_000;

    /// <summary>Of the records.</summary>
    public const ulong Seed = 1;

    private readonly Lazy<Record[]> _records = new(() => Records.Generate(Seed, count));

    /// <inheritdoc/>
    public string Name => IsLong ? "N1M" : "N1";

    /// <inheritdoc/>
    public bool IsLong => count >= LongCount;

    /// <inheritdoc/>
    public string Title => string.Create(CultureInfo.InvariantCulture,
        $"first sync of {count:#,0} records of 5 fields between two processes over loopback TCP, beside a plain insert of them");

    /// <inheritdoc/>
    public long Units => count;

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Func<Contender> Make)> Contenders =>
    [
        ("plain insert", () => new Rows.PlainTableImport(_records.Value)),
        ("first sync", () => new FirstSyncRun(count, isPacked: true)),
        ("first sync, uncompressed", () => new FirstSyncRun(count, isPacked: false)),
    ];
}
