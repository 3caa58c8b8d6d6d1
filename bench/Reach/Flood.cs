using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Replica.Transport;

namespace Replica.Bench.Reach;

/// <summary>A client that wants a relay for itself, from an address of its own: messages large and small, connections of each kind, and requests.</summary>
internal sealed class Flood : IAsyncDisposable
{
    private const int DialsPerSecond = 1_000;
    private const int DialsAtOnceMax = 512;
    private static readonly IPAddress s_source = IPAddress.Parse("127.0.0.2");
    private static readonly byte[] s_noise = new byte[64];
    private static readonly byte[][] s_openings =
    [
        [],
        [.. "GET /v1/tunnel HTTP/1.1\r\nHost: x\r\n\r\n"u8],
        // A login that is none, which the relay must look at.
        [
            .. "GET /v1/tunnel HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"u8,
            .. "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: replica-relay.1\r\n\r\n"u8,
            0x82, 0x80 + 67, 0, 0, 0, 0, 2, 0, 64, .. s_noise,
        ],
    ];

    private readonly CancellationTokenSource _stop = new();
    private readonly Tunnels _tunnels = new(s_source);
    private readonly List<Task> _tasks = [];
    private readonly int _relayPort;
    private long _sent;
    private long _dialled;
    private long _asked;

    public Flood(string relay)
    {
        _tunnels.Use(relay);
        _relayPort = new Uri(relay).Port;
    }

    /// <summary>What it got through.</summary>
    public string Told => string.Create(
        CultureInfo.InvariantCulture,
        $"{Volatile.Read(ref _sent) / (1024 * 1024)} MiB through tunnels, {_dialled} dials, {Volatile.Read(ref _asked)} requests");

    /// <summary>Begins.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _tunnels.OpenAsync(2, cancellationToken);
        _tasks.Add(SendAsync(0, TunnelRate.Message()));
        _tasks.Add(SendAsync(1, new byte[1]));
        _tasks.AddRange(_tunnels.Pairs.Select(pair => ReceiveAsync(pair.Accepted)));
        _tasks.Add(DialAllAsync());
        _tasks.Add(AskAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _tunnels.DisposeAsync();
        await Task.WhenAll(_tasks);
        _stop.Dispose();
    }

    private Task SendAsync(int tunnel, byte[] message) => UntilStoppedAsync(async () =>
    {
        await _tunnels.Pairs[tunnel].Dialled.SendAsync(message, _stop.Token);
        _ = Interlocked.Add(ref _sent, message.Length);
    });

    private async Task ReceiveAsync(Transport.Links.IByteLink link)
    {
        var buffer = new byte[TunnelRate.MessageBytes];
        await UntilStoppedAsync(async () => _ = await link.ReceiveAsync(buffer, _stop.Token));
    }

    /// <summary>Fifty times as many as a relay takes from one address, whether or not the ones before were answered.</summary>
    private async Task DialAllAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var started = Stopwatch.GetTimestamp();
        var underWay = new List<Task>();
        await UntilStoppedAsync(async () =>
        {
            _ = await timer.WaitForNextTickAsync(_stop.Token);
            _ = underWay.RemoveAll(static dial => dial.IsCompleted);
            while (_dialled < Stopwatch.GetElapsedTime(started).TotalSeconds * DialsPerSecond && underWay.Count < DialsAtOnceMax)
            {
                underWay.Add(DialAsync(s_openings[_dialled++ % s_openings.Length]));
            }
        });
        await Task.WhenAll(underWay);
    }

    private async Task DialAsync(byte[] opening)
    {
        try
        {
            using var one = await ConnectAsync();
            _ = await one.SendAsync(opening, _stop.Token);
            _ = opening.Length == 0 ? 0 : await one.ReceiveAsync(new byte[256], _stop.Token);
        }
        catch (Exception ended) when (ended is SocketException or OperationCanceledException)
        {
            // Cut off, as a relay may.
        }
    }

    private Task AskAsync() => UntilStoppedAsync(async () =>
    {
        using var one = await ConnectAsync();
        var buffer = new byte[4096];
        do
        {
            _ = Interlocked.Increment(ref _asked);
            _ = await one.SendAsync("GET /health HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), _stop.Token);
        }
        while (await one.ReceiveAsync(buffer, _stop.Token) > 0);
    });

    /// <summary>Goes on whatever the relay does to it.</summary>
    private async Task UntilStoppedAsync(Func<Task> act)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await act();
            }
            catch (SocketException)
            {
                // Cut off: again.
            }
            catch (Exception ended) when (ended is OperationCanceledException or TransportException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // Not lingering: tens of thousands of ports would wait for nothing.
            socket.LingerState = new(enable: true, seconds: 0);
            socket.Bind(new IPEndPoint(s_source, 0));
            await socket.ConnectAsync(IPAddress.Loopback, _relayPort, _stop.Token);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
