using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Replica.Peer.Host;
using Replica.Tests.EndToEnd.Processes;
using Replica.Web.Control;
using Xunit;

namespace Replica.Tests.EndToEnd.Api;

/// <summary>Who may use the control API over TCP, and from where.</summary>
public sealed class GateTests(ApiHome home) : IClassFixture<ApiHome>
{
    [Theory]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer 0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("Basic TOKEN")]
    [InlineData("TOKEN")]
    [InlineData("Bearer TOKENf")]
    [InlineData("Bearer TOKEN, Bearer TOKEN")]
    public async Task E1_without_the_token_nothing_is_told_and_nothing_done(string shown)
    {
        var before = await home.SnapshotAsync();
        using var client = new HttpClient { BaseAddress = home.Address };
        if (shown.Length > 0)
        {
            _ = client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", shown.Replace("TOKEN", home.Token, StringComparison.Ordinal));
        }

        foreach (var (method, path, _) in home.Server.Endpoints)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{space}", "main", StringComparison.Ordinal));
            request.Content = method == "POST" ? new StringContent("{}", new MediaTypeHeaderValue("application/json")) : null;
            using var answer = await client.SendAsync(request);
            var text = await ApiHome.IsProblemAsync(answer, HttpStatusCode.Unauthorized, "REPLICA_UNAUTHORIZED");
            Assert.Equal("Bearer", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);
            Assert.DoesNotContain(home.Token, text);
        }

        Assert.Equal(before, await home.SnapshotAsync());
    }

    [Fact]
    public async Task E1_the_token_is_in_a_file_of_the_owner_alone_and_one_that_others_can_read_is_refused()
    {
        using var own = await TemporaryHome.CreateAsync();
        var file = Path.Combine(own.Path, HomeToken.FileName);

        var token = HomeToken.LoadOrCreate(own.Path);

        Assert.Equal(64, token.Length);
        Assert.Equal(token, HomeToken.LoadOrCreate(own.Path));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
            Assert.Equal("REPLICA_KEY_EXPOSED", Assert.Throws<ReplicaException>(() => HomeToken.LoadOrCreate(own.Path)).Code);
            var outcome = await own.RunAsync("run", "--api-listen", "127.0.0.1:0");
            Assert.Equal(1, outcome.Code);
            Assert.Contains("REPLICA_KEY_EXPOSED", outcome.Error);
        }
    }

    [Theory]
    [InlineData("0.0.0.0:0")]
    [InlineData("192.0.2.1:7401")]
    [InlineData("[::]:0")]
    [InlineData("example.org:80")]
    [InlineData("127.0.0.1")]
    public async Task E1_the_API_is_served_on_loopback_alone(string address)
    {
        using var own = await TemporaryHome.CreateAsync();

        var outcome = await own.RunAsync("run", "--api-listen", address);

        Assert.Equal(2, outcome.Code);
        Assert.Contains("--api-listen", outcome.Error);
        _ = Assert.Throws<ArgumentException>(static () => new ControlOptions
        {
            SocketPath = "",
            StopLimit = TimeSpan.Zero,
            Listen = new(IPAddress.Any, 0),
        });
    }

    [Theory]
    [InlineData("evil.example", null, null, "REPLICA_FORBIDDEN_HOST")]
    [InlineData("evil.example:PORT", null, null, "REPLICA_FORBIDDEN_HOST")]
    [InlineData("127.0.0.1:1", null, null, "REPLICA_FORBIDDEN_HOST")]
    [InlineData("localhost.evil.example:PORT", null, null, "REPLICA_FORBIDDEN_HOST")]
    [InlineData(null, "http://evil.example", null, "REPLICA_FORBIDDEN_ORIGIN")]
    [InlineData(null, "null", null, "REPLICA_FORBIDDEN_ORIGIN")]
    [InlineData(null, "http://127.0.0.1:PORT", null, "REPLICA_FORBIDDEN_ORIGIN")]
    [InlineData(null, null, "cross-site", "REPLICA_FORBIDDEN_ORIGIN")]
    [InlineData(null, null, "same-site", "REPLICA_FORBIDDEN_ORIGIN")]
    public async Task E2_a_page_in_a_browser_is_refused_even_with_the_token(string? host, string? origin, string? site, string code)
    {
        var before = await home.SnapshotAsync();
        using var client = home.Client();
        var write = ApiHome.Post("/v1/spaces/main/transactions", "{\"mutations\":[{\"put\":{\"id\":\"c\"}}]}");
        foreach (var request in new[] { new HttpRequestMessage(HttpMethod.Get, "/v1/status"), write })
        {
            using (request)
            {
                request.Headers.Host = host?.Replace("PORT", $"{home.Server.EndPoint!.Port}", StringComparison.Ordinal);
                Add(request, "Origin", origin?.Replace("PORT", $"{home.Server.EndPoint!.Port}", StringComparison.Ordinal));
                Add(request, "Sec-Fetch-Site", site);
                using var answer = await client.SendAsync(request);

                _ = await ApiHome.IsProblemAsync(answer, HttpStatusCode.Forbidden, code);
                Assert.DoesNotContain(answer.Headers, static header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
            }
        }

        Assert.Equal(before, await home.SnapshotAsync());
    }

    [Fact]
    public async Task E2_there_is_no_CORS_a_preflight_is_refused()
    {
        using var client = home.Client();
        using var request = new HttpRequestMessage(HttpMethod.Options, "/v1/spaces/main/transactions");
        Add(request, "Origin", "http://evil.example");
        Add(request, "Access-Control-Request-Method", "POST");
        Add(request, "Access-Control-Request-Headers", "authorization,content-type");

        using var answer = await client.SendAsync(request);

        _ = await ApiHome.IsProblemAsync(answer, HttpStatusCode.Forbidden, "REPLICA_FORBIDDEN_ORIGIN");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/jsonx")]
    [InlineData(null)]
    public async Task E2_whatever_changes_something_takes_JSON_alone(string? type)
    {
        var before = await home.SnapshotAsync();
        using var client = home.Client();
        foreach (var (method, path, _) in home.Server.Endpoints.Where(static one => one.Method != "GET"))
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{space}", "main", StringComparison.Ordinal));
            request.Content = new ByteArrayContent("{\"mutations\":[{\"put\":{\"id\":\"c\"}}]}"u8.ToArray());
            request.Content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
            using var answer = await client.SendAsync(request);
            _ = await ApiHome.IsProblemAsync(answer, HttpStatusCode.UnsupportedMediaType, "REPLICA_NOT_JSON");
        }

        Assert.Equal(before, await home.SnapshotAsync());
    }

    [Fact]
    public async Task E2_no_request_by_GET_changes_anything()
    {
        var before = await home.SnapshotAsync();
        using var client = home.Client();
        var reads = home.Server.Endpoints.Where(static one => one.Method == "GET");
        foreach (var (_, path, query) in reads.Where(static one => !one.Path.EndsWith("/changes", StringComparison.Ordinal)))
        {
            var place = path.Replace("{space}", "main", StringComparison.Ordinal) + (query.Contains("id") ? "?id=a" : "");
            using var answer = await client.GetAsync(new Uri(place, UriKind.Relative));
            Assert.True(answer.IsSuccessStatusCode, path);
        }

        Assert.Equal(before, await home.SnapshotAsync());
    }

    [Theory]
    [InlineData(1000u, 1000u, true)]
    [InlineData(0u, 1000u, true)]
    [InlineData(1001u, 1000u, false)]
    [InlineData(1000u, 0u, false)]
    [InlineData(uint.MaxValue, 1000u, false)]
    public void The_socket_is_for_its_owner_and_root(uint user, uint owner, bool isAllowed) =>
        Assert.Equal(isAllowed, PeerCredentials.IsAllowed(user, owner));

    [Fact]
    public async Task The_kernel_says_who_is_at_the_other_end_of_the_socket()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var path = Path.Combine(Path.GetTempPath(), $"replica-cred-{Guid.NewGuid():n}");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(path));
        using var accepted = await listener.AcceptAsync();
        using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        File.Delete(path);

        Assert.NotNull(PeerCredentials.TryGetUser(accepted));
        Assert.True(PeerCredentials.IsOwner(accepted));
        Assert.False(PeerCredentials.IsOwner(null));
        Assert.False(PeerCredentials.TryGetUser(tcp) is { } user && user != uint.MaxValue);
    }

    private static void Add(HttpRequestMessage request, string name, string? value)
    {
        if (value is not null)
        {
            _ = request.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
