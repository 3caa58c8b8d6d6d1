namespace Replica.Bench.Reach;

/// <summary>R3: what one client that floods costs a thousand others of the same relay.</summary>
internal sealed class FloodedRelay : IRow
{
    private const int TunnelCount = 500;
    private const int RoundTrips = 20_000;

    /// <inheritdoc/>
    public string Name => "R3";

    /// <inheritdoc/>
    public string Title =>
        "20,000 round trips of 1 KiB, one by one through 500 tunnels of 1,000 clients at 250 addresses, "
        + "beside one client that floods a relay with its usual limits: 1,000 dials a second, and requests and messages as it takes them; 2 times is the bound";

    /// <inheritdoc/>
    public long Units => RoundTrips;

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Func<Contender> Make)> Contenders =>
    [
        ("quiet", () => new FloodedRun(TunnelCount, RoundTrips, isFlooded: false)),
        ("beside a flood", () => new FloodedRun(TunnelCount, RoundTrips, isFlooded: true)),
    ];
}
