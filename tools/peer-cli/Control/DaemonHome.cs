using System.Net;
using Replica.Peer.Host;
using Replica.Web.Control;

namespace Replica.PeerCli.Control;

/// <summary>A home that this process holds and serves.</summary>
internal sealed class DaemonHome : IAsyncDisposable
{
    /// <summary>How a daemon calls itself to who finds its home held.</summary>
    public const string Holder = "replica run";

    // How commands of this program call themselves.
    private const string Commands = "replica ";
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(25);

    // A command lets go, or serves, in a moment; a daemon or an application keeps what it has, and that is said within a second.
    private const int AttemptsMax = 100;
    private const int AttemptsMaxLong = 20;

    private readonly DirectoryInfo? _folder;

    private DaemonHome(ReplicaHome home, ControlServer server, DirectoryInfo? folder)
    {
        _folder = folder;
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
        // Where nothing can be written there is no room for a socket either; nobody else asks this process then.
        var folder = home.IsReadOnly ? Directory.CreateTempSubdirectory("replica-") : null;
        try
        {
            var socket = folder is null
                ? ControlSocket.PathsFor(options.Directory, HomeConnection.RuntimeDirectory)[0]
                : Path.Combine(folder.FullName, ControlSocket.FileName);
            var control = new ControlOptions { SocketPath = socket, StopLimit = stopLimit, Listen = listen };
            return new DaemonHome(home, await ControlServer.StartAsync(home, control, cancellationToken), folder);
        }
        catch
        {
            await home.DisposeAsync();
            folder?.Delete(recursive: true);
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
            catch (ReplicaException fault)
            {
                if (!await WaitAsync(fault, attempt, isDaemonServing: false, cancellationToken))
                {
                    throw;
                }
            }
        }
    }

    /// <summary>Waits a moment if whoever holds a home may be about to let go of it, or to serve it.</summary>
    /// <param name="fault">What came of taking the home.</param>
    /// <param name="attempt">How often it was tried, from 1.</param>
    /// <param name="isDaemonServing">Whether a daemon that holds it would be as welcome as the home itself.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when it is not worth another attempt.</returns>
    public static async Task<bool> WaitAsync(ReplicaException fault, int attempt, bool isDaemonServing, CancellationToken cancellationToken)
    {
        var isShort = fault.Holder is { } holder && holder.StartsWith(Commands, StringComparison.Ordinal)
            && (isDaemonServing || !holder.StartsWith(Holder, StringComparison.Ordinal));
        if (fault.Code != "REPLICA_LOCKED" || attempt >= (isShort ? AttemptsMax : AttemptsMaxLong))
        {
            return false;
        }

        await Task.Delay(s_pause, cancellationToken);
        return true;
    }

    /// <summary>Stops to serve, then lets go of the home.</summary>
    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Home.DisposeAsync();
        _folder?.Delete(recursive: true);
    }
}
