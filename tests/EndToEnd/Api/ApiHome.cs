using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Replica.Peer.Host;
using Replica.Tests.EndToEnd.Processes;
using Replica.Web.Control;
using Xunit;

namespace Replica.Tests.EndToEnd.Api;

/// <summary>A home in this process with one space and some nodes, served on a socket and over TCP.</summary>
public sealed class ApiHome : IAsyncLifetime, IDisposable
{
    private readonly TemporaryHome _folder = new();
    private ReplicaHome? _home;

    /// <summary>What serves it.</summary>
    internal ControlServer Server { get; private set; } = null!;

    /// <summary>The home's directory.</summary>
    public string Directory => _folder.Path;

    /// <summary>The space.</summary>
    public ReplicaSpace Space { get; private set; } = null!;

    /// <summary>The token.</summary>
    public string Token => HomeToken.Read(Path.Combine(_folder.Path, HomeToken.FileName));

    /// <summary>Where it serves.</summary>
    public Uri Address => new($"http://{Server.EndPoint}");

    public async Task InitializeAsync()
    {
        _home = await ReplicaHome.OpenOrCreateAsync(new HomeOptions { Directory = _folder.Path, Holder = "a test" });
        Space = await _home.CreateSpaceAsync("main");
        _ = await Space.WriteAsync([new Mutation.PutNode("a", null, []), new Mutation.PutNode("b", null, [])]);
        Server = await ControlServer.StartAsync(
            _home,
            new ControlOptions
            {
                SocketPath = ControlSocket.PathsFor(_folder.Path, null)[0],
                StopLimit = TimeSpan.FromSeconds(1),
                Listen = new(IPAddress.Loopback, 0),
                Silence = TimeSpan.FromMilliseconds(100),
            },
            CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        await _home!.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A client that shows the token.</summary>
    public HttpClient Client()
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return client;
    }

    /// <summary>A request with a body of JSON.</summary>
    public static HttpRequestMessage Post(string path, string body, string type = "application/json") => new(HttpMethod.Post, path)
    {
        Content = new StringContent(body, Encoding.UTF8, type),
    };

    /// <summary>All that there is: what must stay as it is when a request is refused.</summary>
    public async Task<string> SnapshotAsync()
    {
        using var client = Client();
        var log = await client.GetStringAsync(new Uri("/v1/spaces/main/log", UriKind.Relative));
        var spaces = await client.GetStringAsync(new Uri("/v1/spaces", UriKind.Relative));
        return $"{log}{spaces}{string.Join('\n', _folder.Files())}";
    }

    /// <summary>Checks that an answer is a problem with a stable code.</summary>
    public static async Task<string> IsProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{(int)answer.StatusCode} instead of {(int)status}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains($"\"code\":\"{code}\"", text);
        return text;
    }
}
