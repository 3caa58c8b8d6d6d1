using System.Threading.Channels;

namespace Replica.Transport;

/// <summary>Lets a loop pause and be woken before the time is over. Any thread may wake; one pauses.</summary>
/// <param name="time">The clock.</param>
public sealed class WakeSignal(TimeProvider time)
{
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Ends the pause under way, or the next one.</summary>
    public void Wake() => _ = _wakes.Writer.TryWrite(true);

    /// <summary>Pauses until the time is over or somebody wakes.</summary>
    /// <param name="pause">How long; <see cref="Timeout.InfiniteTimeSpan"/> until woken.</param>
    /// <param name="cancellationToken">Ends the pause as well, without an exception: the loop looks.</param>
    /// <returns>Whether it was woken.</returns>
    public async Task<bool> PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(pause, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await _wakes.Reader.ReadAsync(linked.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
