using System.Net;
using System.Net.Sockets;
using System.Text;
using Replica.Transport;
using Replica.Transport.Relay;
using Replica.Web.Relay;
using Xunit;

namespace Replica.Tests.Properties.Transport;

/// <summary>D5: what one source sends is counted before it costs the others anything. How much it costs them is measured by the benchmark R3.</summary>
public sealed class RelayFloodTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly IPAddress Elsewhere = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress Proxy = IPAddress.Parse("127.0.0.3");

    [Fact]
    public void D5_arrivals_go_up_to_twice_the_rate_of_devices_and_for_each_source_alone()
    {
        var time = new ManualTime();
        var sources = new RelaySources(new RelayOptions { ConnectsPerSourceSecond = 1 }, time);

        Assert.Equal(20, Enumerable.Range(0, 100).Count(_ => sources.Arrive("a")));
        Assert.True(sources.Arrive("b"));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, Enumerable.Range(0, 100).Count(_ => sources.Arrive("a")));
    }

    [Fact]
    public void D5_requests_beyond_the_rate_wait_their_turn_and_beyond_two_seconds_of_turns_are_refused()
    {
        var sources = new RelaySources(new RelayOptions { RequestsPerSourceSecond = 10 }, new ManualTime());

        var turns = Enumerable.Range(0, 100).Select(_ => sources.Ask("a")).ToArray();

        Assert.Equal(10, turns.Count(static turn => turn == TimeSpan.Zero));
        Assert.Equal([0.1, 0.2, 2.0], new[] { turns[10], turns[11], turns[29] }.Select(static turn => Math.Round(turn!.Value.TotalSeconds, 3)));
        Assert.All(turns[30..], static turn => Assert.Null(turn));
        Assert.Equal(TimeSpan.Zero, sources.Ask("b"));
    }

    [Fact]
    public void D5_a_message_of_one_byte_counts_for_four_kibibytes()
    {
        var sources = new RelaySources(new RelayOptions { BytesPerSourceSecond = 8_192 }, new ManualTime());
        Assert.Null(sources.Enter("a"));

        Assert.Equal([0, 0, 0.5, 1], Enumerable.Range(0, 4).Select(_ => Math.Round(sources.Spend("a", 1).TotalSeconds, 3)));
    }

    [Fact]
    public void D5_sources_that_came_and_went_make_room_for_others_at_once()
    {
        var time = new ManualTime();
        var sources = new RelaySources(new RelayOptions { ConnectionsMax = 2 }, time);
        Assert.All(Enumerable.Range(0, 4), i => Assert.True(sources.Arrive($"early {i}")));
        Assert.Equal(RelayRefusal.RelayBusy, sources.Enter("late"));

        Assert.All(Enumerable.Range(0, 4), i => sources.Depart($"early {i}"));
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(sources.Enter("late"));
    }

    [Fact]
    public async Task D5_a_flood_of_connections_is_closed_unheard_while_who_is_elsewhere_is_served()
    {
        await using var host = await StartAsync(new RelayOptions { ConnectsPerSourceSecond = 1 });

        // Through the thousand seconds that this may take on a slow machine the rate lets two a second in: the burst is 20.
        var started = TimeProvider.System.GetTimestamp();
        var answered = 0;
        for (var i = 0; i < 300; i++)
        {
            answered += (await AskAsync(host, IPAddress.Loopback, "GET /health")).Length > 0 ? 1 : 0;
        }

        var allowed = 20 + (2 * (int)TimeProvider.System.GetElapsedTime(started).TotalSeconds) + 2;
        Assert.InRange(answered, 20, allowed);
        Assert.Contains(host.Relay.GetMetrics().RefusedTotal, one => one.Reason == RelayRefusal.SourceBusy && one.Count == 300 - answered);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(host, Elsewhere, "GET /health"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /nothing", "404")]
    [InlineData("GET /v1/tunnel", "426")]
    [InlineData("POST /v1/poll/receive", "410")]
    [InlineData("DELETE /health", "404")]
    public async Task D5_a_bad_request_loses_its_connection_so_that_the_next_one_counts(string request, string status)
    {
        await using var host = await StartAsync(new RelayOptions());

        var answer = await AskAsync(host, IPAddress.Loopback, request);

        Assert.StartsWith("HTTP/1.1 " + status, answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task D5_sources_behind_a_proxy_are_those_that_it_names_and_no_other_can_name_one()
    {
        await using var host = await StartAsync(new RelayOptions { RequestsPerSourceSecond = 1, ConnectsPerSourceSecond = 1 });

        async Task<int> ServedAsync(IPAddress from, Func<int, string> name)
        {
            var answers = await Task.WhenAll(Enumerable.Range(1, 40).Select(i => AskAsync(host, from, "GET /health", $"X-Forwarded-For: {name(i)}")));
            return answers.Count(static one => one.StartsWith("HTTP/1.1 200", StringComparison.Ordinal));
        }

        Assert.Equal(40, await ServedAsync(Proxy, static i => $"192.0.2.{i}"));
        Assert.InRange(await ServedAsync(Proxy, static _ => "192.0.2.200"), 1, 20);
        Assert.InRange(await ServedAsync(Elsewhere, static i => $"192.0.2.{100 + i}"), 1, 20);
    }

    [Fact]
    public async Task D5_requests_on_one_connection_are_counted_too()
    {
        await using var host = await StartAsync(new RelayOptions { RequestsPerSourceSecond = 1 });
        using var socket = await ConnectAsync(host, IPAddress.Loopback);
        var request = Encoding.ASCII.GetBytes("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
        var started = TimeProvider.System.GetTimestamp();

        for (var i = 0; i < 2; i++)
        {
            await socket.SendAsync(request);
            await ReadAnswerAsync(socket);
        }

        // The second had to wait until the second was over.
        Assert.True(TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(0.5));
    }

    /// <summary>Reads to the last chunk: an answer may come in parts.</summary>
    private static async Task ReadAnswerAsync(Socket socket)
    {
        var (text, buffer) = ("", new byte[1024]);
        while (!text.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal))
        {
            var count = await socket.ReceiveAsync(buffer).WaitAsync(Patience);
            Assert.NotEqual(0, count);
            text += Encoding.ASCII.GetString(buffer, 0, count);
        }
    }

    private static Task<RelayHost> StartAsync(RelayOptions options) => RelayHost.StartAsync(
        (PeerAddress.WebSocketHost)PeerAddress.Parse("ws://127.0.0.1:0"), ["127.0.0.1"], options, null, [Proxy], TimeProvider.System, default);

    /// <returns>What came back; empty if the connection was closed unheard.</returns>
    private static async Task<string> AskAsync(RelayHost host, IPAddress from, string request, string header = "Accept: */*")
    {
        try
        {
            using var socket = await ConnectAsync(host, from);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"{request} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n{header}\r\n\r\n"));
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
