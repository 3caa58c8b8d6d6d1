using System.Net.Sockets;
using System.Threading.Channels;
using Replica.Tests.EndToEnd.Processes;

namespace Replica.Tests.EndToEnd.Reach;

/// <summary>Hands on every byte a while after it came, in order, as a long line does.</summary>
/// <param name="delay">How long a byte is under way, each way.</param>
internal sealed class SlowLine(TimeSpan delay) : Line
{
    protected override Task CarryAsync(NetworkStream near, NetworkStream far, CancellationToken stop) =>
        Task.WhenAny(CopyAsync(near, far, stop), CopyAsync(far, near, stop));

    private async Task CopyAsync(NetworkStream from, NetworkStream to, CancellationToken stop)
    {
        var underWay = Channel.CreateBounded<(long At, byte[] Bytes)>(1024);
        var arriving = ArriveAsync(underWay.Reader, to, stop);
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, stop) is > 0 and var length)
            {
                await underWay.Writer.WriteAsync((TimeProvider.System.GetTimestamp(), buffer[..length]), stop);
            }
        }
        catch (Exception ended) when (HasGone(ended))
        {
            // One of the two has gone.
        }

        underWay.Writer.Complete();
        await arriving;
    }

    private async Task ArriveAsync(ChannelReader<(long At, byte[] Bytes)> underWay, NetworkStream to, CancellationToken stop)
    {
        try
        {
            await foreach (var (at, bytes) in underWay.ReadAllAsync(stop))
            {
                var left = delay - TimeProvider.System.GetElapsedTime(at);
                if (left > TimeSpan.Zero)
                {
                    await Task.Delay(left, stop);
                }

                await to.WriteAsync(bytes, stop);
            }
        }
        catch (Exception ended) when (HasGone(ended))
        {
            // One of the two has gone.
        }
    }
}
