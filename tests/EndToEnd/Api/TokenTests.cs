using System.Net;
using System.Net.Http.Headers;
using Replica.Peer.Host;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Api;

/// <summary>The token of the API over TCP can be renewed while a daemon runs.</summary>
public sealed class TokenTests
{
    private static readonly Uri s_status = new("/v1/status", UriKind.Relative);

    [Fact]
    public async Task A_renewed_token_holds_at_once_and_the_old_one_opens_nothing_and_keeps_nothing_open()
    {
        using var home = await TemporaryHome.CreateAsync();
        await using var daemon = await Daemon.StartAsync(home, "--api-listen", "127.0.0.1:0");
        var old = Token(home);
        using var client = Client(daemon, old);
        using var stream = await client.GetStreamAsync(new Uri("/v1/spaces/main/changes", UriKind.Relative));
        using var events = new StreamReader(stream);
        Assert.Equal("event: open", await events.ReadLineAsync());

        var said = await home.DoAsync("token", "renew");

        Assert.Contains("api.token is new", said);
        Assert.NotEqual(old, Token(home));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(FileOf(home)) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.Equal([FileOf(home)], home.Files().Where(static file => Path.GetFileName(file).StartsWith("api.token", StringComparison.Ordinal)));
        using var refused = await client.GetAsync(s_status);
        _ = await ApiHome.IsProblemAsync(refused, HttpStatusCode.Unauthorized, "REPLICA_UNAUTHORIZED");
        using var renewed = Client(daemon, Token(home));
        Assert.Contains("\"device\"", await renewed.GetStringAsync(s_status));
        _ = await Assert.ThrowsAnyAsync<IOException>(() => events.ReadToEndAsync().WaitAsync(ReplicaProcess.Limit));
    }

    [Fact]
    public async Task Without_a_daemon_it_is_renewed_for_the_next_one_also_where_others_could_read_it()
    {
        using var home = await TemporaryHome.CreateAsync();
        var old = HomeToken.LoadOrCreate(home.Path);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(FileOf(home), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        }

        Assert.Contains($"\"file\":\"{FileOf(home)}\"", await home.DoAsync("token", "renew", "--json"));

        await using var daemon = await Daemon.StartAsync(home, "--api-listen", "127.0.0.1:0");
        using var client = Client(daemon, Token(home));
        Assert.NotEqual(old, Token(home));
        Assert.Contains("\"device\"", await client.GetStringAsync(s_status));
    }

    [Fact]
    public async Task Who_has_the_token_alone_does_not_renew_it()
    {
        using var home = await TemporaryHome.CreateAsync();
        await using var daemon = await Daemon.StartAsync(home, "--api-listen", "127.0.0.1:0");
        var before = Token(home);

        var outcome = await ReplicaProcess.RunAsync(["--api", daemon.Api, "--token-file", FileOf(home), "token", "renew"]);

        Assert.Equal(1, outcome.Code);
        Assert.Contains("REPLICA_SOCKET_ONLY", outcome.Error);
        Assert.Equal(before, Token(home));
    }

    private static string FileOf(TemporaryHome home) => Path.Combine(home.Path, HomeToken.FileName);

    private static string Token(TemporaryHome home) => HomeToken.Read(FileOf(home));

    private static HttpClient Client(Daemon daemon, string token)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(daemon.Api), Timeout = ReplicaProcess.Limit };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }
}
