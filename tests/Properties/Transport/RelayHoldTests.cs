using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Replica.Transport;
using Replica.Transport.Polling;
using Replica.Transport.Relay;
using Replica.Web.Relay;
using Xunit;

namespace Replica.Tests.Properties.Transport;

/// <summary>D5: what one source holds without asking for more is counted too: nobody fills a relay by waiting.</summary>
public sealed class RelayHoldTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly IPAddress Elsewhere = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress Proxy = IPAddress.Parse("127.0.0.3");
    private static readonly IPAddress ProxyBehind = IPAddress.Parse("127.0.0.4");

    [Fact]
    public async Task D5_connections_on_which_nothing_is_said_count_while_they_are_open()
    {
        await using var host = await StartAsync(new RelayOptions { ConnectionsPerSourceMax = 4 });
        var silent = new List<Socket>();
        for (var i = 0; i < 8; i++)
        {
            silent.Add(await ConnectAsync(host, IPAddress.Loopback));
            Assert.StartsWith("HTTP/1.1 200", await AskAsync(silent[^1], "GET /health"), StringComparison.Ordinal);
        }

        Assert.Equal("", await AskOnceAsync(host, IPAddress.Loopback));
        Assert.NotEqual("", await AskOnceAsync(host, Elsewhere));

        silent[0].Dispose();
        using var limit = new CancellationTokenSource(Patience);
        while (await AskOnceAsync(host, IPAddress.Loopback) == "")
        {
            limit.Token.ThrowIfCancellationRequested();
        }

        silent.ForEach(static one => one.Dispose());
    }

    [Fact]
    public void D5_polling_sessions_that_one_source_leaves_behind_shut_nobody_else_out()
    {
        var time = new ManualTime();
        var sessions = new PollingSessions(20, 4, time);

        Assert.Equal(4, Enumerable.Range(0, 100).Count(_ => sessions.TryOpen("a", out PollingSession? _)));
        Assert.True(sessions.TryOpen("b", out _));
        time.Advance(PollingWire.SilenceLimit + TimeSpan.FromSeconds(1));
        Assert.Equal(4, Enumerable.Range(0, 100).Count(_ => sessions.TryOpen("a", out PollingSession? _)));
    }

    [Fact]
    public async Task D5_polling_sessions_that_the_relay_refused_count_for_their_source()
    {
        await using var host = await StartAsync(new RelayOptions { ConnectionsPerSourceMax = 4 });
        var served = 0;
        for (var i = 0; i < 20; i++)
        {
            // One after the other: what is refused loses its connection.
            using var socket = await ConnectAsync(host, IPAddress.Loopback);
            served += (await AskAsync(socket, "POST /v1/poll/open")).StartsWith("HTTP/1.1 200", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.Equal(8, served);
        using var other = await ConnectAsync(host, Elsewhere);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(other, "POST /v1/poll/open"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task D5_a_polling_session_that_was_served_keeps_nothing_that_still_comes()
    {
        Assert.True(new PollingSessions(1, 1, new ManualTime()).TryOpen("a", out var session));
        await session.DisposeAsync();

        for (var i = 1; i <= 100; i++)
        {
            // A full buffer would hold the fifth back.
            var taken = session.TakeAsync(i, new byte[PollingWire.BodyBytesMax], false, default);
            Assert.True(taken.IsCompleted);
            Assert.Equal(PollingOutcome.Taken, await taken);
        }
    }

    [Fact]
    public void D5_what_a_source_owes_is_not_forgotten_because_it_left()
    {
        var time = new ManualTime();
        var sources = new RelaySources(new RelayOptions { BytesPerSourceSecond = 8_192 }, time);
        Assert.Null(sources.Enter("a"));
        _ = sources.Spend("a", 1_048_576);
        sources.Leave("a");

        time.Advance(TimeSpan.FromSeconds(10));
        sources.Sweep();

        Assert.Null(sources.Enter("a"));
        Assert.True(sources.Spend("a", 1) > TimeSpan.FromSeconds(100));
    }

    [Fact]
    public async Task D5_behind_two_proxies_a_source_is_what_the_first_one_names_and_never_what_a_client_says()
    {
        await using var host = await StartAsync(new RelayOptions { RequestsPerSourceSecond = 1, ConnectsPerSourceSecond = 1 });

        async Task<int> ServedAsync(Func<int, string> name)
        {
            var answers = await Task.WhenAll(Enumerable.Range(1, 40).Select(i =>
                AskOnceAsync(host, Proxy, $"X-Forwarded-For: {name(i)}")));
            return answers.Count(static one => one.StartsWith("HTTP/1.1 200", StringComparison.Ordinal));
        }

        Assert.Equal(40, await ServedAsync(static i => $"192.0.2.{i}, {ProxyBehind}"));
        Assert.Equal(40, await ServedAsync(static i => $"[2001:db8:0:{i}::1]:4711, {ProxyBehind}:80"));
        Assert.InRange(await ServedAsync(static i => $"192.0.2.{i}, 198.51.100.1, {ProxyBehind}"), 1, 20);
        Assert.InRange(await ServedAsync(static i => $"192.0.2.{i}, {ProxyBehind}, 198.51.100.2"), 1, 20);
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData(", , ,")]
    [InlineData("999.1.1.1:99999, [::1, ::%lo")]
    [InlineData("fe80::1%eth0")]
    [InlineData("\"198.51.100.1\"")]
    public async Task D5_whatever_a_proxy_passes_on_is_answered(string name)
    {
        await using var host = await StartAsync(new RelayOptions());

        Assert.StartsWith("HTTP/1.1 200", await AskOnceAsync(host, Proxy, "X-Forwarded-For: " + name), StringComparison.Ordinal);
    }

    /// <summary>0x89 is a ping, 0x8a a pong, 0x82 a message, 0x02 and 0x00 parts of one; all empty and masked.</summary>
    [Theory]
    [InlineData(0x89, 0x89, 6 * 1_000, false)]
    [InlineData(0x8a, 0x8a, 256 * 1024, false)]
    [InlineData(0x82, 0x82, 256 * 1024, false)]
    [InlineData(0x02, 0x00, 256 * 1024, false)]
    [InlineData(0x89, 0x8a, 6 * 16, true)]
    public async Task D5_what_is_no_message_breaks_the_connection_if_there_is_much_of_it(int first, int others, int bytes, bool isFine)
    {
        await using var host = await StartAsync(new RelayOptions());
        using var socket = await ConnectAsync(host, IPAddress.Loopback);
        Assert.StartsWith("HTTP/1.1 101", await AskAsync(
            socket,
            "GET /v1/tunnel",
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: replica-relay.1"), StringComparison.Ordinal);

        var flood = new byte[bytes / 6 * 6];
        for (var i = 0; i < flood.Length; i += 6)
        {
            (flood[i], flood[i + 1]) = ((byte)(i == 0 ? first : others), 0x80);
        }

        // Who is heard is answered to a last ping, 0x8a with its five bytes; else there is no more.
        byte[] last = [0x89, 0x85, 0, 0, 0, 0, .. "alive"u8];
        Assert.Equal(isFine, await EchoesAsync(socket, [.. flood, .. last], [0x8a, 5, .. "alive"u8]));
    }

    private static async Task<bool> EchoesAsync(Socket socket, byte[] sent, byte[] echo)
    {
        var sending = socket.SendAsync(sent);
        var heard = new List<byte>();
        var buffer = new byte[4096];
        try
        {
            while (CollectionsMarshal.AsSpan(heard).IndexOf(echo) < 0)
            {
                var length = await socket.ReceiveAsync(buffer).WaitAsync(Patience);
                if (length == 0)
                {
                    return false;
                }

                heard.AddRange(buffer.AsSpan(0, length));
            }

            return await sending == sent.Length;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static Task<RelayHost> StartAsync(RelayOptions options) => RelayHost.StartAsync(
        (PeerAddress.WebSocketHost)PeerAddress.Parse("ws://127.0.0.1:0"), ["127.0.0.1"], options, null,
        [Proxy.MapToIPv6(), ProxyBehind], TimeProvider.System, default);

    /// <returns>What came back; empty if the connection was closed unheard.</returns>
    private static async Task<string> AskOnceAsync(RelayHost host, IPAddress from, string header = "Accept: */*")
    {
        try
        {
            using var socket = await ConnectAsync(host, from);
            return await AskAsync(socket, "GET /health", header);
        }
        catch (SocketException)
        {
            return "";
        }
    }

    private static async Task<string> AskAsync(Socket socket, string request, string header = "Accept: */*")
    {
        try
        {
            _ = await socket.SendAsync(Encoding.ASCII.GetBytes($"{request} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n{header}\r\n\r\n"));
            var buffer = new byte[4096];
            return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer).WaitAsync(Patience));
        }
        catch (SocketException)
        {
            return "";
        }
    }

    private static async Task<Socket> ConnectAsync(RelayHost host, IPAddress from)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(host.Address.Relay).Port);
        return socket;
    }
}
