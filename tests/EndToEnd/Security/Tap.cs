using System.Net;
using System.Net.Sockets;

namespace Replica.Tests.EndToEnd.Security;

/// <summary>Stands between two peers, passes everything on, and keeps a copy of it.</summary>
internal sealed class Tap : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(MemoryStream Up, MemoryStream Down)> _streams = [];
    private readonly Task _running;

    public Tap()
    {
        _listener.Start();
        _running = RunAsync();
    }

    /// <summary>The port of the peer behind it.</summary>
    public int Target { get; set; }

    /// <summary>Where to dial instead.</summary>
    public string Address => $"tcp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>What went from the one who dialled, and what came back, of each connection.</summary>
    public IReadOnlyList<(byte[] Up, byte[] Down)> Captured()
    {
        lock (_streams)
        {
            return [.. _streams.Select(static pair => (pair.Up.ToArray(), pair.Down.ToArray()))];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var pairs = new List<Task>();
        try
        {
            while (true)
            {
                pairs.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(pairs);
        }
    }

    private async Task CarryAsync(TcpClient near)
    {
        using var far = new TcpClient();
        using (near)
        {
            try
            {
                await far.ConnectAsync(IPAddress.Loopback, Target, _stop.Token);
                var (up, down) = (new MemoryStream(), new MemoryStream());
                lock (_streams)
                {
                    _streams.Add((up, down));
                }

                await Task.WhenAny(CopyAsync(near, far, up), CopyAsync(far, near, down));
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or IOException)
            {
                // One of the two has gone.
            }
        }
    }

    private void Keep(MemoryStream copy, ReadOnlySpan<byte> bytes)
    {
        lock (_streams)
        {
            copy.Write(bytes);
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, MemoryStream copy)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _stop.Token) is > 0 and var length)
            {
                Keep(copy, buffer.AsSpan(0, length));

                await to.GetStream().WriteAsync(buffer.AsMemory(0, length), _stop.Token);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the two has gone.
        }
    }
}
