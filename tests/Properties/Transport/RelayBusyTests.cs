using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Replica.Transport;
using Replica.Transport.Crypto;
using Replica.Transport.Relay;
using Xunit;

namespace Replica.Tests.Properties.Transport;

/// <summary>A relay that has too much to do is left alone, not asked a second way.</summary>
public sealed class RelayBusyTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("", TransportFailure.ConnectionLost)]
    [InlineData("HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", TransportFailure.Unreachable)]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", TransportFailure.Unreachable)]
    public async Task Who_is_turned_away_does_not_take_the_relay_for_one_behind_a_wall_against_WebSockets(string answer, TransportFailure expected)
    {
        using var wall = new TcpListener(IPAddress.Loopback, 0);
        wall.Start();
        var asked = new ConcurrentQueue<string>();
        var serving = ServeAsync(wall, answer, asked);

        var failures = new List<TransportFailure>();
        for (var i = 0; i < 2; i++)
        {
            failures.Add(await FailAsync(wall));
        }

        Assert.All(failures, failure => Assert.Equal(expected, failure));
        Assert.Equal(["GET", "GET"], asked);
        wall.Stop();
        await serving.WaitAsync(Patience);
    }

    [Fact]
    public async Task Where_connections_for_WebSockets_are_closed_again_and_again_plain_requests_are_tried()
    {
        using var wall = new TcpListener(IPAddress.Loopback, 0);
        wall.Start();
        var asked = new ConcurrentQueue<string>();
        var serving = ServeAsync(wall, "", asked);
        using var key = DeviceKeyPair.Create();
        using var dialer = new RelayDialer(key, static _ => null, TimeProvider.System);

        for (var i = 0; i < 4; i++)
        {
            _ = await FailAsync(wall, dialer);
        }

        Assert.Equal(["GET", "GET", "GET", "POST", "GET", "POST"], asked);
        wall.Stop();
        await serving.WaitAsync(Patience);
    }

    private static async Task<TransportFailure> FailAsync(TcpListener wall, RelayDialer? dialer = null)
    {
        using var key = DeviceKeyPair.Create();
        using var own = new RelayDialer(key, static _ => null, TimeProvider.System);
        Assert.True(PeerAddress.RelayRoute.TryParseRelay($"ws://{wall.LocalEndpoint}", out var relay, out _));
        return (await Assert.ThrowsAsync<TransportException>(() => (dialer ?? own).LogInAsync(relay!, key, default)).WaitAsync(Patience)).Failure;
    }

    /// <summary>Hears the request, says one thing or nothing, and closes.</summary>
    private static async Task ServeAsync(TcpListener wall, string answer, ConcurrentQueue<string> asked)
    {
        try
        {
            while (true)
            {
                using var socket = await wall.AcceptSocketAsync();
                var buffer = new byte[4096];
                var length = await socket.ReceiveAsync(buffer);
                asked.Enqueue(Encoding.ASCII.GetString(buffer, 0, length).Split(' ')[0]);
                _ = await socket.SendAsync(Encoding.ASCII.GetBytes(answer));
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
