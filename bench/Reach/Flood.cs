using System.Net;
using System.Net.Sockets;

namespace Replica.Bench.Reach;

/// <summary>A client that sends all it can, and dials all the time, from an address of its own.</summary>
internal sealed class Flood : IAsyncDisposable
{
    private static readonly IPAddress s_source = IPAddress.Parse("127.0.0.2");

    private readonly TcpListener _line = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Tunnels _tunnels = new();
    private readonly List<Task> _tasks = [];
    private readonly int _relayPort;
    private long _sent;

    public Flood(int relayPort)
    {
        _relayPort = relayPort;
        _line.Start(512);
        Port = ((IPEndPoint)_line.LocalEndpoint).Port;
        _tasks.Add(CarryAsync());
    }

    /// <summary>Where its connections to the relay begin: the relay must know itself by this port.</summary>
    public int Port { get; }

    /// <summary>What it got through, in bytes.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Connections it began besides.</summary>
    public int Dialled { get; private set; }

    /// <summary>Begins.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _tunnels.Use($"ws://127.0.0.1:{Port}");
        await _tunnels.OpenAsync(1, cancellationToken);
        _tasks.Add(SendAsync());
        _tasks.Add(ReceiveAsync());
        _tasks.Add(DialAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _tunnels.DisposeAsync();
        _line.Dispose();
        await Task.WhenAll(_tasks);
        _stop.Dispose();
    }

    private async Task SendAsync()
    {
        var message = TunnelRate.Message();
        await UntilStoppedAsync(async () =>
        {
            await _tunnels.Pairs[0].Dialled.SendAsync(message, _stop.Token);
            _ = Interlocked.Add(ref _sent, message.Length);
        });
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[TunnelRate.MessageBytes];
        await UntilStoppedAsync(async () => _ = await _tunnels.Pairs[0].Accepted.ReceiveAsync(buffer, _stop.Token));
    }

    private Task DialAsync() => UntilStoppedAsync(async () =>
    {
        using var one = await ConnectAsync();
        Dialled++;
        _ = await one.SendAsync("GET /v1/tunnel HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), _stop.Token);
        _ = await one.ReceiveAsync(new byte[256], _stop.Token);
    });

    private async Task UntilStoppedAsync(Func<Task> act)
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                await act();
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or Transport.TransportException or SocketException or ObjectDisposedException)
        {
            // Stopped, or cut off, as a relay may.
        }
    }

    private async Task CarryAsync()
    {
        var splices = new List<Task>();
        try
        {
            while (true)
            {
                splices.Add(RelayChild.JoinAsync(await _line.AcceptSocketAsync(), await ConnectAsync()));
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(splices);
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(s_source, 0));
        await socket.ConnectAsync(IPAddress.Loopback, _relayPort, _stop.Token);
        return socket;
    }
}
