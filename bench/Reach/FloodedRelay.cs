namespace Replica.Bench.Reach;

/// <summary>R3: what one client that floods costs a thousand others of the same relay.</summary>
internal sealed class FloodedRelay : IRow
{
    private const int TunnelCount = 500;
    private const int RoundTrips = 2_000;

    /// <summary>What an address may send through the relay a second: as an operator would set it for a small machine.</summary>
    public const long BytesPerSource = 4 * 1024 * 1024;

    /// <inheritdoc/>
    public string Name => "R3";

    /// <inheritdoc/>
    public string Title =>
        "2,000 round trips of 1 KiB, one by one through 500 tunnels of 1,000 clients, while a client elsewhere floods; 2 times is the bound";

    /// <inheritdoc/>
    public long Units => RoundTrips;

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Func<Contender> Make)> Contenders =>
    [
        ("quiet", () => new FloodedRun(TunnelCount, RoundTrips, isFlooded: false)),
        ("beside a flood", () => new FloodedRun(TunnelCount, RoundTrips, isFlooded: true)),
    ];
}
