using System.Globalization;

namespace Replica.Bench.Reach;

/// <summary>Opens tunnels, leaves them alone for a while, and asks the relay what it takes.</summary>
internal sealed class IdleTunnelsRun(int count) : Contender
{
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(5);

    private readonly Tunnels _tunnels = new();
    private long _empty;

    /// <inheritdoc/>
    public override async ValueTask PrepareAsync(string folder, CancellationToken cancellationToken)
    {
        _ = await _tunnels.StartAsync(isLimited: false, cancellationToken);
        _empty = await _tunnels.MemoryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask<long> RunAsync(string folder, CancellationToken cancellationToken)
    {
        await _tunnels.OpenAsync(count, cancellationToken);
        return _tunnels.Pairs.Count;
    }

    /// <inheritdoc/>
    public override async ValueTask<string?> CheckAsync(CancellationToken cancellationToken)
    {
        var opened = await _tunnels.MemoryAsync(cancellationToken);
        await Task.Delay(s_idle, cancellationToken);
        var idle = await _tunnels.MemoryAsync(cancellationToken);
        return string.Create(CultureInfo.InvariantCulture,
            $"the relay's process: {Size(_empty)} empty, {Size(opened)} with {count} tunnels, {Size(idle)} after {s_idle.TotalSeconds:0} s without a byte");
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _tunnels.DisposeAsync();
    }

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.0} MiB");
}
