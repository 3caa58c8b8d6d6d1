using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Replica.Tests.EndToEnd.Reach;

/// <summary>Stands between two peers and hands on every byte a while after it came, in order, as a long line does.</summary>
internal sealed class SlowLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeSpan _delay;
    private readonly Task _running;

    /// <summary>Opens the line.</summary>
    /// <param name="delay">How long a byte is under way, each way.</param>
    public SlowLine(TimeSpan delay)
    {
        _delay = delay;
        _listener.Start();
        _running = RunAsync();
    }

    /// <summary>The port at its other end.</summary>
    public int Target { get; set; }

    /// <summary>Where to dial.</summary>
    public string Address => $"tcp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var lines = new List<Task>();
        try
        {
            while (true)
            {
                lines.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(lines);
        }
    }

    private async Task CarryAsync(TcpClient near)
    {
        using var one = near;
        using var far = new TcpClient { NoDelay = true };
        near.NoDelay = true;
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, Target, _stop.Token);
            _ = await Task.WhenAny(CopyAsync(near, far), CopyAsync(far, near));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or IOException)
        {
            // One of the two has gone.
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        var underWay = Channel.CreateBounded<(long At, byte[] Bytes)>(1024);
        var arriving = ArriveAsync(underWay.Reader, to);
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _stop.Token) is > 0 and var length)
            {
                await underWay.Writer.WriteAsync((TimeProvider.System.GetTimestamp(), buffer[..length]), _stop.Token);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the two has gone.
        }

        underWay.Writer.Complete();
        await arriving;
    }

    private async Task ArriveAsync(ChannelReader<(long At, byte[] Bytes)> underWay, TcpClient to)
    {
        try
        {
            await foreach (var (at, bytes) in underWay.ReadAllAsync(_stop.Token))
            {
                var left = _delay - TimeProvider.System.GetElapsedTime(at);
                if (left > TimeSpan.Zero)
                {
                    await Task.Delay(left, _stop.Token);
                }

                await to.GetStream().WriteAsync(bytes, _stop.Token);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the two has gone.
        }
    }
}
