using System.Net;
using System.Net.Sockets;

namespace Replica.Tests.EndToEnd.Processes;

/// <summary>Stands between two peers: dials its target for whoever comes, and carries both ways.</summary>
internal abstract class Line : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    protected Line()
    {
        _listener.Start();
        _running = RunAsync();
    }

    /// <summary>The port of the peer behind it.</summary>
    public int Target { get; set; }

    /// <summary>Where to dial instead.</summary>
    public string Address => $"tcp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _running;
        _stop.Dispose();
    }

    /// <summary>Carries one connection until it or the line ends.</summary>
    protected abstract Task CarryAsync(NetworkStream near, NetworkStream far, CancellationToken stop);

    /// <summary>Whether a fault only says that one of the two has gone, or the line is over.</summary>
    protected static bool HasGone(Exception ended) =>
        ended is OperationCanceledException or SocketException or IOException or ObjectDisposedException or InvalidOperationException;

    private async Task RunAsync()
    {
        var carried = new List<Task>();
        try
        {
            while (true)
            {
                carried.Add(ConnectAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(carried);
        }
    }

    private async Task ConnectAsync(TcpClient near)
    {
        using var one = near;
        using var far = new TcpClient { NoDelay = true };
        one.NoDelay = true;
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, Target, _stop.Token);
            await CarryAsync(one.GetStream(), far.GetStream(), _stop.Token);
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or IOException)
        {
            // One of the two has gone.
        }
    }
}
