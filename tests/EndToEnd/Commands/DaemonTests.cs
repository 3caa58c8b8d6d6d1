using System.Net;
using System.Net.Sockets;
using System.Text;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Commands;

/// <summary>The daemon: how it serves, how it stops, and how commands find it.</summary>
public sealed class DaemonTests
{
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task It_stops_within_two_seconds_and_leaves_nothing_behind(string signal)
    {
        using var home = await TemporaryHome.CreateAsync();
        var files = home.Files();
        await using var daemon = await Daemon.StartAsync(home, "--listen", "tcp://127.0.0.1:0");
        _ = await home.DoAsync("put", "a");

        var (code, took) = await daemon.StopAsync(signal);

        Assert.Equal(0, code);
        Assert.True(took < s_stopLimit, $"It took {took}.");
        Assert.Equal(files, home.Files());
        Assert.Equal("a\n", await home.DoAsync("ls"));
    }

    [Fact]
    public async Task Its_socket_is_its_owners_alone()
    {
        using var home = await TemporaryHome.CreateAsync();
        await using var daemon = await Daemon.StartAsync(home);

        Assert.Equal(System.IO.Path.Combine(home.Path, "control.sock"), daemon.Control);
        Assert.True(OperatingSystem.IsWindows()
            || File.GetUnixFileMode(daemon.Control) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public async Task A_home_with_a_long_path_has_a_short_socket_that_commands_find()
    {
        using var home = await TemporaryHome.CreateAsync(longPath: true);
        await using var daemon = await Daemon.StartAsync(home);

        _ = await home.DoAsync("put", "a");

        Assert.True(daemon.Control.Length <= 90, daemon.Control);
        Assert.False(daemon.Control.StartsWith(home.Root, StringComparison.Ordinal));
        Assert.Equal("a\n", await home.DoAsync("ls"));
        _ = await daemon.StopAsync();
        Assert.False(File.Exists(daemon.Control));
    }

    [Fact]
    public async Task A_socket_that_a_killed_daemon_left_is_replaced()
    {
        using var home = await TemporaryHome.CreateAsync();
        await using (var daemon = await Daemon.StartAsync(home))
        {
            _ = await home.DoAsync("put", "a");
            _ = await daemon.StopAsync("KILL");
            Assert.True(File.Exists(daemon.Control));
        }

        Assert.Equal("a\n", await home.DoAsync("ls"));
        await using var next = await Daemon.StartAsync(home);
        Assert.Equal("a\n", await home.DoAsync("ls"));
    }

    [Fact]
    public async Task Commands_at_the_same_time_all_succeed_without_a_daemon()
    {
        using var home = await TemporaryHome.CreateAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => home.RunAsync("put", $"n{i}")));

        Assert.All(outcomes, static outcome => Assert.True(outcome.Code == 0, outcome.Error));
        Assert.Equal("n0\nn1\nn2\nn3\nn4\nn5\n", await home.DoAsync("ls"));
    }

    [Fact]
    public async Task An_invitation_made_without_a_daemon_lets_a_peer_in_and_it_catches_up()
    {
        using var home = await TemporaryHome.CreateAsync();
        using var other = new TemporaryHome();
        _ = await home.DoAsync("put", "a", "x=1");
        var ticket = (await home.DoAsync("invite")).Trim();
        _ = await other.DoAsync("join", ticket);
        Assert.Contains("\"joinPending\":true", await other.DoAsync("status", "--json"));
        await using var first = await Daemon.StartAsync(home, "--listen", "tcp://127.0.0.1:0");
        await using var second = await Daemon.StartAsync(other, "--connect", first.Listening[0]);
        _ = await second.LogWithAsync("is open with");

        _ = await other.DoAsync("put", "b", "y=2");
        await EqualAsync(home, other, "\"b\"");
        _ = await home.DoAsync("pause");
        _ = await home.DoAsync("put", "c");
        Assert.DoesNotContain("\"c\"", await other.DoAsync("state"));
        _ = await home.DoAsync("resume");
        await EqualAsync(home, other, "\"c\"");
    }

    [Fact]
    public async Task Requests_that_make_no_sense_get_a_problem_document()
    {
        using var home = await TemporaryHome.CreateAsync();
        await using var daemon = await Daemon.StartAsync(home);
        using var client = Connect(daemon.Control);

        await IsProblemAsync(await client.GetAsync("/v1/nothing"), HttpStatusCode.NotFound, "REPLICA_NOT_FOUND");
        await IsProblemAsync(await client.GetAsync("/v1/spaces/none/nodes"), HttpStatusCode.NotFound, "REPLICA_NO_SPACE");
        await IsProblemAsync(await client.GetAsync("/v1/spaces/main/node"), HttpStatusCode.BadRequest, "REPLICA_BAD_INPUT");
        await IsProblemAsync(await client.GetAsync("/v1/spaces/main/node?id=x"), HttpStatusCode.NotFound, "REPLICA_NOT_FOUND");
        await IsProblemAsync(await client.GetAsync("/v1/spaces/main/nodes?limit=-1"), HttpStatusCode.BadRequest, "REPLICA_BAD_INPUT");
        foreach (var body in new[] { "", "{", "[]", "{\"mutations\":1}", "{\"mutations\":[{}]}", "{\"mutations\":[{\"burn\":{}}]}",
            "{\"mutations\":[{\"put\":{}}]}", "{\"mutations\":[{\"put\":{\"id\":\"a\"},\"delete\":{\"id\":\"a\"}}]}", "{\"mutations\":[]}x" })
        {
            await IsProblemAsync(await PostAsync(client, body), HttpStatusCode.BadRequest, "REPLICA_BAD_INPUT");
        }

        // The answer comes before the body is asked for.
        client.DefaultRequestHeaders.ExpectContinue = true;
        await IsProblemAsync(await PostAsync(client, new string(' ', (8 * 1024 * 1024) + 1)), HttpStatusCode.BadRequest, "REPLICA_BAD_INPUT");
        Assert.Equal("", await home.DoAsync("ls"));
    }

    private static async Task EqualAsync(TemporaryHome a, TemporaryHome b, string due)
    {
        var end = DateTime.UtcNow + ReplicaProcess.Limit;
        string left, right;
        do
        {
            (left, right) = (await a.DoAsync("state"), await b.DoAsync("state"));
        }
        while ((left != right || !left.Contains(due)) && DateTime.UtcNow < end);

        Assert.Contains(due, left);
        Assert.Equal(left, right);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string body) =>
        client.PostAsync("/v1/spaces/main/transactions", new StringContent(body, Encoding.UTF8, "application/json"));

    private static async Task IsProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{answer.StatusCode} instead of {status}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains($"\"code\":\"{code}\"", text);
    }

    private static HttpClient Connect(string path) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://replica"),
    };
}
