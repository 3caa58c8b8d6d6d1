using System.Net;
using Replica.Bench.Sync;

namespace Replica.Bench.Reach;

/// <summary>Goes to and fro through one tunnel after the other, with or without a flood beside it.</summary>
internal sealed class FloodedRun(int tunnels, int roundTrips, bool isFlooded) : Contender
{
    private const int Sources = 250;
    private const int WarmUp = 500;

    private readonly Tunnels _tunnels = new(Enumerable.Range(1, Sources).Select(static i => new IPAddress([127, 0, 1, (byte)i])));
    private readonly byte[] _message = new byte[1024];
    private ChildProcess? _flood;

    /// <inheritdoc/>
    public override async ValueTask PrepareAsync(string folder, CancellationToken cancellationToken)
    {
        var relay = await _tunnels.StartAsync(isLimited: true, cancellationToken);
        await _tunnels.OpenAsync(tunnels, cancellationToken);
        _ = await TravelAsync(WarmUp, cancellationToken);
        if (isFlooded)
        {
            _flood = ChildProcess.Start("flood", relay);
            _ = await _flood.HearAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<long> RunAsync(string folder, CancellationToken cancellationToken) =>
        await TravelAsync(roundTrips, cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask<string?> CheckAsync(CancellationToken cancellationToken)
    {
        if (_flood is null)
        {
            return null;
        }

        _flood.Say("told");
        return "the flood: " + await _flood.HearAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_flood is not null)
        {
            await _flood.DisposeAsync();
        }

        await _tunnels.DisposeAsync();
    }

    private async Task<long> TravelAsync(int times, CancellationToken cancellationToken)
    {
        var buffer = new byte[_message.Length];
        for (var i = 0; i < times; i++)
        {
            var (near, far) = _tunnels.Pairs[i % _tunnels.Pairs.Count];
            await near.SendAsync(_message, cancellationToken);
            await FillAsync(far, buffer, cancellationToken);
            await far.SendAsync(buffer, cancellationToken);
            await FillAsync(near, buffer, cancellationToken);
        }

        return times;
    }

    private static async Task FillAsync(Transport.Links.IByteLink from, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            buffer = buffer[await from.ReceiveAsync(buffer, cancellationToken)..];
        }
    }
}
