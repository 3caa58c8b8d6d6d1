using System.Globalization;

namespace Replica.Bench.Sync;

/// <summary>N2: one change after the other, from its commit on one peer until the other can read it.</summary>
internal sealed class LiveChanges : IRow
{
    private const int ChangeCount = 1_000;

    /// <summary>Before those that count: a peer runs for days, and its code is compiled for good only after it has run a while.</summary>
    private const int WarmUpCount = 4_000;

    /// <inheritdoc/>
    public string Name => "N2";

    /// <inheritdoc/>
    public string Title =>
        "1,000 changes after 4,000 of warming up, one by one, from commit here to visible in another process, beside a raw round trip and an fsync each";

    /// <inheritdoc/>
    public long Units => ChangeCount;

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Func<Contender> Make)> Contenders =>
    [
        ("round trip and fsync", () => new RawRoundTrips(ChangeCount)),
        ("change visible", () => new LiveChangesRun(ChangeCount, WarmUpCount)),
    ];

    /// <summary>The node of a change.</summary>
    public static string IdOf(int number) => string.Create(CultureInfo.InvariantCulture, $"live-{number}");

    /// <summary>Median and 99th percentile.</summary>
    public static string Describe(List<TimeSpan> times)
    {
        times.Sort();
        var (median, late) = (times[times.Count / 2], times[times.Count * 99 / 100]);
        return string.Create(CultureInfo.InvariantCulture,
            $"median {median.TotalMicroseconds:0} us, 99 of 100 within {late.TotalMicroseconds:0} us ({late / median:0.0} times)");
    }
}
