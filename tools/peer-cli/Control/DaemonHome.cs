using System.Net;
using Replica.Peer.Host;
using Replica.Web.Control;

namespace Replica.PeerCli.Control;

/// <summary>A home that this process holds and serves.</summary>
internal sealed class DaemonHome : IAsyncDisposable
{
    private const int AttemptsMax = 100;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(25);

    private DaemonHome(ReplicaHome home, ControlServer server)
    {
        Home = home;
        Server = server;
    }

    /// <summary>The home.</summary>
    public ReplicaHome Home { get; }

    /// <summary>What serves it.</summary>
    public ControlServer Server { get; }

    /// <summary>Takes a home at once, or not at all.</summary>
    /// <param name="options">The home.</param>
    /// <param name="mayCreate">Whether it is made if the directory is none.</param>
    /// <param name="stopLimit">How long requests under way may take to end when this process lets go.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="listen">An address of loopback to serve at as well; null for none.</param>
    /// <exception cref="ReplicaException">It is no home, of a newer format, or held by another process.</exception>
    public static async Task<DaemonHome> OpenAsync(
        HomeOptions options, bool mayCreate, TimeSpan stopLimit, CancellationToken cancellationToken, IPEndPoint? listen = null)
    {
        var home = await (mayCreate
            ? ReplicaHome.OpenOrCreateAsync(options, cancellationToken)
            : ReplicaHome.OpenAsync(options, cancellationToken));
        try
        {
            var socket = ControlSocket.PathsFor(options.Directory, HomeConnection.RuntimeDirectory)[0];
            var control = new ControlOptions { SocketPath = socket, StopLimit = stopLimit, Listen = listen };
            return new DaemonHome(home, await ControlServer.StartAsync(home, control, cancellationToken));
        }
        catch
        {
            await home.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same, but waits some seconds for a command that is about to let go of it.</summary>
    /// <exception cref="ReplicaException">It is no home, of a newer format, or held by another process.</exception>
    public static async Task<DaemonHome> OpenPatientlyAsync(
        HomeOptions options, TimeSpan stopLimit, IPEndPoint? listen, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await OpenAsync(options, mayCreate: false, stopLimit, cancellationToken, listen);
            }
            catch (ReplicaException fault) when (fault.Code == "REPLICA_LOCKED" && attempt < AttemptsMax)
            {
                await Task.Delay(s_pause, cancellationToken);
            }
        }
    }

    /// <summary>Stops to serve, then lets go of the home.</summary>
    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Home.DisposeAsync();
    }
}
