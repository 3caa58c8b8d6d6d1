using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Replica.Peer.Host;
using Replica.Web.Endpoints;
using Replica.Web.WebSockets;

namespace Replica.Web.Control;

/// <summary>Serves the HTTP API of an open home: on its control socket to its owner, and if wanted on loopback to who shows its token.</summary>
public sealed class ControlServer : IAsyncDisposable
{
    private const int ConnectionsMax = 256;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Two servers: whoever fills the one with connections can't keep the owner from the other.
    private readonly WebApplication _socket;
    private readonly WebApplication? _network;
    private readonly ApiToken? _token;
    private readonly TimeSpan _stopLimit;

    private ControlServer(WebApplication socket, WebApplication? network, ApiToken? token, ControlOptions options, IPEndPoint? endPoint)
    {
        _socket = socket;
        _token = token;
        _network = network;
        _stopLimit = options.StopLimit;
        Path = options.SocketPath;
        EndPoint = endPoint;
    }

    /// <summary>The path of the socket.</summary>
    public string Path { get; }

    /// <summary>Where it serves over TCP, with the real port; null if it does not.</summary>
    public IPEndPoint? EndPoint { get; }

    /// <summary>What is served: the method, the pattern of the path and the query parameters of each endpoint.</summary>
    internal IEnumerable<(string Method, string Path, IReadOnlyList<string> Query)> Endpoints =>
        from endpoint in _socket.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []
        select (method, endpoint.RoutePattern.RawText!, QueryNames.Of(endpoint).Names);

    /// <summary>Starts to serve. The caller holds the home's lock, so a socket file that is there is a dead one's and is replaced.</summary>
    /// <param name="home">The open home; it must outlive the server.</param>
    /// <param name="options">Where.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="IOException">The socket can't be made there.</exception>
    /// <exception cref="ReplicaException">The address is in use, or the token's file can't be used.</exception>
    public static async Task<ControlServer> StartAsync(ReplicaHome home, ControlOptions options, CancellationToken cancellationToken)
    {
        ControlSocket.PrepareFolder(options.SocketPath, home.Directory);
        File.Delete(options.SocketPath);
        var token = options.Listen is null ? null : new ApiToken(HomeToken.LoadOrCreate(home.Directory));
        var socket = Build(home, options, token, true, kestrel => kestrel.ListenUnixSocket(options.SocketPath, static listen => listen.Use(ToOwner)));
        WebApplication? network = null;
        try
        {
            await socket.StartAsync(cancellationToken);
            if (options.Listen is not { } listen)
            {
                return new ControlServer(socket, null, null, options, null);
            }

            network = Build(home, options, token, false, kestrel => kestrel.Listen(listen));
            return new ControlServer(socket, network, token, options, await HttpHost.StartLoopbackAsync(network, listen, cancellationToken));
        }
        catch
        {
            await socket.DisposeAsync();
            await (network?.DisposeAsync() ?? ValueTask.CompletedTask);
            token?.Dispose();
            throw;
        }
    }

    /// <summary>Stops: requests under way end, for a limited time; the socket file goes.</summary>
    public async ValueTask DisposeAsync()
    {
        // Both at once, as they share the limit.
        await Task.WhenAll(HttpHost.StopAsync(_socket, _stopLimit), _network is null ? Task.CompletedTask : HttpHost.StopAsync(_network, _stopLimit));
        _token?.Dispose();
        try
        {
            File.Delete(Path);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody removed the home; that is told to whoever wrote to it.
        }
    }

    private static WebApplication Build(
        ReplicaHome home, ControlOptions options, ApiToken? token, bool isSocket, Action<KestrelServerOptions> listen)
    {
        // Neither configuration files nor the environment nor a console logger: a command starts one of these each time.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        _ = builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Json.MutationJson.BodyBytesMax;
            kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
            kestrel.Limits.MinResponseDataRate = null;
            listen(kestrel);
        });
        _ = builder.Services.AddRoutingCore();
        if (isSocket)
        {
            _ = builder.Services.Configure<SocketTransportOptions>(static transport => transport.CreateBoundListenSocket = Bind);
        }

        var application = builder.Build();
        _ = application.Use(Problems.CatchAsync);
        _ = application.Use(new ApiGate(isSocket ? null : token).CheckAsync);
        _ = application.UseRouting();
        _ = application.Use(QueryNames.CheckAsync);
        HomeEndpoints.Map(application, home);
        SpaceEndpoints.Map(application, home);
        PeerEndpoints.Map(application, home);
        IntegrityEndpoints.Map(application, home);
        MemberEndpoints.Map(application, home);
        ImportEndpoints.Map(application, home);
        FeedEndpoints.Map(application, home, options.Time, options.Silence);
        TokenEndpoints.Map(application, home, isSocket ? () => Renew(home, token) : null);
        DocumentEndpoints.Map(application);
        return application;
    }

    private static void Renew(ReplicaHome home, ApiToken? token)
    {
        if (token is null)
        {
            _ = HomeToken.Renew(home.Directory);
        }
        else
        {
            token.Renew(() => HomeToken.Renew(home.Directory));
        }
    }

    /// <summary>Ends a connection of somebody else before anything of it is read.</summary>
    private static ConnectionDelegate ToOwner(ConnectionDelegate next) => connection =>
    {
        if (PeerCredentials.IsOwner(connection.Features.Get<IConnectionSocketFeature>()?.Socket))
        {
            return next(connection);
        }

        connection.Abort(new ConnectionAbortedException("The other end is another user."));
        return Task.CompletedTask;
    };

    private static Socket Bind(EndPoint endPoint)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(endPoint);
            if (!OperatingSystem.IsWindows())
            {
                // Before it listens nobody can connect, so there is no moment at which others could.
                File.SetUnixFileMode(endPoint.ToString()!, OwnerOnly);
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
