namespace Replica.Bench.Reach;

/// <summary>R1: tunnels in which nothing moves, and what the relay's process takes for them.</summary>
internal sealed class IdleTunnels : IRow
{
    private const int Count = 1_000;

    /// <inheritdoc/>
    public string Name => "R1";

    /// <inheritdoc/>
    public string Title => "1,000 idle tunnels through a relay in another process: opened one after the other; its resident memory";

    /// <inheritdoc/>
    public long Units => Count;

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Func<Contender> Make)> Contenders => [("relay", () => new IdleTunnelsRun(Count))];
}
