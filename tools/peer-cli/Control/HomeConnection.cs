using Replica.Peer.Host;
using Replica.Web.Control;

namespace Replica.PeerCli.Control;

/// <summary>
/// A way to a home: to the process that holds it if one does, else this process holds it for the time of the command. Either way
/// the command speaks to the control API, so there is one code path.
/// </summary>
internal sealed class HomeConnection : IAsyncDisposable
{
    // Another command may be in the middle of a long answer of this one's.
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(30);

    private readonly HomeOptions _options;
    private readonly bool _mayCreate;
    private DaemonHome? _own;

    private HomeConnection(HomeOptions options, bool mayCreate)
    {
        _options = options;
        _mayCreate = mayCreate;
    }

    /// <summary>The user's runtime directory, where short socket paths go; null if the system names none.</summary>
    public static string? RuntimeDirectory => Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");

    /// <summary>Speaks to whoever holds the home.</summary>
    public ControlClient Client { get; private set; } = null!;

    /// <summary>Finds the way to a home.</summary>
    /// <param name="directory">The home's directory.</param>
    /// <param name="mayCreate">Whether it is made if the directory is none.</param>
    /// <param name="holder">The command, for the message that others get while this process holds the home.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ReplicaException">It is no home, of a newer format, or held by a process that does not answer.</exception>
    public static async Task<HomeConnection> OpenAsync(
        string directory, bool mayCreate, string holder, CancellationToken cancellationToken)
    {
        var options = new HomeOptions { Directory = directory, Holder = holder, MayBeReadOnly = true };
        var connection = new HomeConnection(options, mayCreate);
        connection.Client = new ControlClient(await connection.FindAsync(cancellationToken), connection.FindAgainAsync);
        return connection;
    }

    /// <summary>Finds the daemon of a home.</summary>
    /// <returns>Null if nobody answers; the home is then left alone.</returns>
    public static async Task<HomeConnection?> TryOpenDaemonAsync(string directory, CancellationToken cancellationToken)
    {
        foreach (var socket in ControlSocket.PathsFor(directory, RuntimeDirectory))
        {
            if (await ControlClient.AnswersAsync(socket, cancellationToken))
            {
                return new(new() { Directory = directory }, false) { Client = new ControlClient(socket, static _ => Task.FromResult<string?>(null)) };
            }
        }

        return null;
    }

    /// <summary>A daemon by its address.</summary>
    public static HomeConnection Of(Uri address, string token) => new(new() { Directory = "" }, false) { Client = new ControlClient(address, token) };

    /// <summary>Whether this process holds the home itself, because nobody else did.</summary>
    public bool IsOwn => _own is not null;

    /// <summary>Lets go of the home, if this process held it.</summary>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_own is not null)
        {
            await _own.DisposeAsync();
        }
    }

    private async Task<string?> FindAgainAsync(CancellationToken cancellationToken) =>
        _own is null ? await FindAsync(cancellationToken) : null;

    /// <summary>The socket of whoever holds the home; this process takes it if nobody does.</summary>
    private async Task<string> FindAsync(CancellationToken cancellationToken)
    {
        var sockets = ControlSocket.PathsFor(_options.Directory, RuntimeDirectory);
        for (var attempt = 1; ; attempt++)
        {
            foreach (var socket in sockets)
            {
                if (await ControlClient.AnswersAsync(socket, cancellationToken))
                {
                    return socket;
                }
            }

            try
            {
                _own = await DaemonHome.OpenAsync(_options, _mayCreate, s_stopLimit, cancellationToken);
                return _own.Server.Path;
            }
            catch (ReplicaException fault)
            {
                // Another process may be between taking the lock and serving, or between its last answer and letting go.
                if (!await DaemonHome.WaitAsync(fault, attempt, isDaemonServing: true, cancellationToken))
                {
                    throw;
                }
            }
        }
    }
}
