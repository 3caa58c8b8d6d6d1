using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Replica.Peer.Host;
using Replica.Web.Endpoints;

namespace Replica.Web.Control;

/// <summary>Serves the HTTP API of an open home on its control socket, to its owner only.</summary>
public sealed class ControlServer : IAsyncDisposable
{
    private const int ConnectionsMax = 256;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly WebApplication _application;

    private readonly TimeSpan _stopLimit;

    private ControlServer(WebApplication application, string path, TimeSpan stopLimit)
    {
        _application = application;
        _stopLimit = stopLimit;
        Path = path;
    }

    /// <summary>The path of the socket.</summary>
    public string Path { get; }

    /// <summary>Starts to serve. The caller holds the home's lock, so a socket file that is there is a dead one's and is replaced.</summary>
    /// <param name="home">The open home; it must outlive the server.</param>
    /// <param name="socketPath">The first of <see cref="ControlSocket.PathsFor"/>.</param>
    /// <param name="stopLimit">How long requests under way may take to end when the server stops.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="IOException">The socket can't be made there.</exception>
    public static async Task<ControlServer> StartAsync(
        ReplicaHome home, string socketPath, TimeSpan stopLimit, CancellationToken cancellationToken)
    {
        ControlSocket.PrepareFolder(socketPath, home.Directory);
        File.Delete(socketPath);

        // Neither configuration files nor the environment nor a console logger: a command starts one of these each time.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        _ = builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Json.MutationJson.BodyBytesMax;
            kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.ListenUnixSocket(socketPath);
        });
        _ = builder.Services.AddRoutingCore();
        _ = builder.Services.Configure<SocketTransportOptions>(static transport => transport.CreateBoundListenSocket = Bind);

        var application = builder.Build();
        try
        {
            _ = application.Use(Problems.CatchAsync);
            _ = application.UseRouting();
            HomeEndpoints.Map(application, home);
            SpaceEndpoints.Map(application, home);
            PeerEndpoints.Map(application, home);
            IntegrityEndpoints.Map(application, home);
            MemberEndpoints.Map(application, home);
            _ = application.MapFallback(Problems.NoSuchEndpointAsync);
            await application.StartAsync(cancellationToken);
            return new ControlServer(application, socketPath, stopLimit);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops: requests under way end, for a limited time; the socket file goes.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(_stopLimit);
        try
        {
            await _application.StopAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // What was under way is cut off; its caller sees a broken connection.
        }

        await _application.DisposeAsync();
        try
        {
            File.Delete(Path);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody removed the home; that is told to whoever wrote to it.
        }
    }

    private static Socket Bind(System.Net.EndPoint endPoint)
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
