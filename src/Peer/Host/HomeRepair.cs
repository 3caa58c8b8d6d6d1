using System.Runtime.CompilerServices;
using Replica.Crdt.Causality;
using Replica.Peer.Membership;
using Replica.Peer.Store;
using Replica.Peer.Store.Integrity;

namespace Replica.Peer.Host;

/// <summary>Checks and repairs a space of a home that may be too damaged to open. Needs the home for itself.</summary>
public static class HomeRepair
{
    /// <summary>
    /// Keeps the damaged file beside the space, takes over what holds of the log, and builds the state anew from it. Whatever was cut off
    /// comes again from peers that have it; this device goes on in a new log.
    /// </summary>
    /// <param name="options">The home.</param>
    /// <param name="space">The space's name in it.</param>
    /// <param name="cancellationToken">Ends it; the file is then as it was.</param>
    /// <returns>Progress, the changes that were cut off, and at last the sum.</returns>
    /// <exception cref="ReplicaException">
    /// A process holds the home (<c>REPLICA_LOCKED</c>), there is no such space, nothing of it can be read (<c>REPLICA_CORRUPT</c>), or the
    /// disk is full.
    /// </exception>
    public static async IAsyncEnumerable<IntegrityEvent> RunAsync(
        HomeOptions options, string space, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var path = Find(options, space);
        using var held = HomeLock.Take(options.Directory, options.Holder);
        var keys = Faults.Translate(() => KeyStore.Open(options.Directory));
        using var device = Faults.Translate(keys.LoadOrCreateDevice);
        var work = new SpaceRepair(path, SpaceOf(keys, space), new DeviceIdentity(device), options.Time.GetUtcNow());
        using var steps = work.Run(cancellationToken).GetEnumerator();
        while (IntegritySteps.Next(steps))
        {
            yield return steps.Current;
        }

        await ValueTask.CompletedTask;
    }

    /// <summary>Checks a space of a home that can't be opened, as <see cref="ReplicaSpace.VerifyAsync"/> does for one that can.</summary>
    /// <param name="options">The home.</param>
    /// <param name="space">The space's name in it.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>Progress, damages as they are found, and at last the sum.</returns>
    /// <exception cref="ReplicaException">A process holds the home, there is no such space, or it can't be read at all.</exception>
    public static async IAsyncEnumerable<IntegrityEvent> VerifyAsync(
        HomeOptions options, string space, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var path = Find(options, space);
        using var held = ReplicaHome.Hold(options);
        var keys = Faults.Translate(() => KeyStore.Open(options.Directory));
        using var device = Faults.Translate(keys.LoadOrCreateDevice);
        var id = SpaceOf(keys, space) ?? IntegritySteps.Translate(() => SpaceRestore.Read(path, held.IsReadOnly).Space);
        using var scratch = IntegritySteps.Translate(() => ScratchFolder.For(path, held.IsReadOnly));
        var work = new SpaceVerification(path, scratch.Path, id, new DeviceIdentity(device)) { IsReadOnly = held.IsReadOnly };
        using var steps = work.Run(cancellationToken).GetEnumerator();
        while (IntegritySteps.Next(steps))
        {
            yield return steps.Current;
        }

        await ValueTask.CompletedTask;
    }

    private static string Find(HomeOptions options, string space)
    {
        ReplicaHome.CheckNew(space, null);
        if (!ReplicaHome.IsHome(options.Directory))
        {
            throw ReplicaHome.NoHome(options.Directory);
        }

        var path = ReplicaHome.PathOf(options.Directory, space);
        return File.Exists(path)
            ? path
            : throw new ReplicaException("REPLICA_NO_SPACE", $"'{options.Directory}' has no file of a space '{space}'.");
    }

    /// <summary>Which space it must be, by the keys: the file's own word may be what is damaged.</summary>
    private static SpaceId? SpaceOf(KeyStore keys, string name) => Faults.Translate<SpaceId?>(() =>
    {
        using var stored = keys.TryLoadSecret(name);
        using var pending = stored is null ? keys.TryLoadTicket(name) : null;
        return stored?.Space ?? pending?.Ticket.Space;
    });
}
