using Replica.Peer.Store;

namespace Replica.Peer.Host;

/// <content>Opening a home with one space in one call.</content>
public sealed partial class ReplicaSpace : IAsyncDisposable
{
    private int _homesOwned;

    /// <summary>The home that it lies in: invitations, addresses, other spaces.</summary>
    public ReplicaHome Home => _home;

    /// <summary>Opens a space of a home, and the home with it. Disposing the space closes both.</summary>
    /// <param name="path">The home's directory.</param>
    /// <param name="options">Which space, and whether it may be made; without them <c>main</c> of a home that exists, and no network.</param>
    /// <param name="cancellationToken">Gives up; what was opened by then is closed again.</param>
    /// <exception cref="ReplicaException">
    /// The directory is no home (<c>REPLICA_NOT_A_HOME</c>) or has no such space (<c>REPLICA_NO_SPACE</c>) and nothing may be made,
    /// another process holds it (<c>REPLICA_LOCKED</c>), a file can't be used, or an address is not to be had.
    /// </exception>
    public static async Task<ReplicaSpace> OpenAsync(string path, SpaceOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        ReplicaHome.CheckNew(options.Name, options.Ticket);
        var homeOptions = new HomeOptions
        {
            Directory = path,
            Holder = options.Holder,
            DisplayName = options.DisplayName,
            Durability = options.Durability,
            Time = options.Time,
            Transports = options.Transports,
            RelayTokens = options.RelayTokens,
            Loggers = options.Loggers,
        };
        var home = await (options.IsCreatedIfMissing
            ? ReplicaHome.OpenOrCreateAsync(homeOptions, cancellationToken)
            : ReplicaHome.OpenAsync(homeOptions, cancellationToken));
        try
        {
            var space = await FindAsync(home, options, cancellationToken);
            foreach (var address in options.Listen)
            {
                _ = await home.ListenAsync(address, cancellationToken);
            }

            foreach (var target in options.Connect)
            {
                home.Connect(target);
            }

            if (options.IsLanOn)
            {
                await home.StartLanDiscoveryAsync(cancellationToken);
            }

            space._homesOwned = 1;
            return space;
        }
        catch
        {
            await home.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Closes the home with all its spaces if <see cref="OpenAsync"/> opened it; a space that a home gave is closed by that home.
    /// Writes that were begun are finished; feeds, live queries and watches end. Again is fine.
    /// </summary>
    public ValueTask DisposeAsync() =>
        Interlocked.Exchange(ref _homesOwned, 0) == 1 ? _home.DisposeAsync() : ValueTask.CompletedTask;

    private static Task<ReplicaSpace> FindAsync(ReplicaHome home, SpaceOptions options, CancellationToken cancellationToken)
    {
        if (!options.IsCreatedIfMissing || home.SpaceNames.Contains(options.Name))
        {
            return Task.FromResult(home.GetSpace(options.Name));
        }

        var durability = options.Durability ?? Durability.Full;
        return options.Ticket is { } ticket
            ? home.JoinSpaceAsync(options.Name, ticket, options.DisplayName, durability, cancellationToken)
            : home.CreateSpaceAsync(options.Name, options.DisplayName, durability, cancellationToken);
    }
}
