using Replica.Transport.Links;

namespace Replica.Bench.Reach;

/// <summary>Sends through a relay.</summary>
internal sealed class TunnelRun(int tunnels, int messagesEach) : Contender
{
    private readonly Tunnels _tunnels = new();
    private readonly byte[] _message = TunnelRate.Message();

    /// <inheritdoc/>
    public override async ValueTask PrepareAsync(string folder, CancellationToken cancellationToken)
    {
        _ = await _tunnels.StartAsync(isLimited: false, cancellationToken);
        await _tunnels.OpenAsync(tunnels, cancellationToken);
        _ = await MoveAsync(TunnelRate.WarmUpEach, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask<long> RunAsync(string folder, CancellationToken cancellationToken) =>
        await MoveAsync(messagesEach, cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _tunnels.DisposeAsync();
    }

    private async Task<long> MoveAsync(int each, CancellationToken cancellationToken)
    {
        var sending = _tunnels.Pairs.Select(pair => SendAsync(pair.Dialled, each, cancellationToken)).ToArray();
        var received = await Task.WhenAll(_tunnels.Pairs.Select(pair => ReceiveAsync(pair.Accepted, each, cancellationToken)));
        await Task.WhenAll(sending);
        return received.Sum() / TunnelRate.MessageBytes;
    }

    private async Task SendAsync(IByteLink to, int each, CancellationToken cancellationToken)
    {
        for (var sent = 0; sent < each; sent++)
        {
            await to.SendAsync(_message, cancellationToken);
        }
    }

    private static async Task<long> ReceiveAsync(IByteLink from, int each, CancellationToken cancellationToken)
    {
        var buffer = new byte[TunnelRate.MessageBytes];
        var received = 0L;
        while (received < (long)each * TunnelRate.MessageBytes)
        {
            received += await from.ReceiveAsync(buffer, cancellationToken);
        }

        return received;
    }
}
