using Microsoft.Extensions.Logging;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Peer.Membership;
using Replica.Peer.Net;
using Replica.Peer.Store;
using Replica.Peer.Store.Integrity;
using Replica.Peer.Store.Sqlite;

namespace Replica.Peer.Host;

/// <content>What checking and saving the files of spaces needs of their home.</content>
public sealed partial class ReplicaHome
{
    /// <summary>The file of a space in a home.</summary>
    internal static string PathOf(string directory, string name) => Path.Combine(directory, name + SpaceSuffix);

    /// <summary>The fault that a directory is no home.</summary>
    internal static ReplicaException NoHome(string directory) => new(
        "REPLICA_NOT_A_HOME", $"'{directory}' is no Replica home: make one with `replica init` or `replica join`, or name another directory.");

    /// <summary>Before a local write: the first one waits a moment for what peers know, if any is in reach.</summary>
    internal ValueTask AwaitPeersAsync(NetSpace space, CancellationToken cancellationToken) => space.FirstWrite.IsKnown
        ? ValueTask.CompletedTask
        : space.FirstWrite.WaitAsync(() => _network.GetPeers().Any(static peer => peer.State is "connected" or "connecting"), Time, cancellationToken);

    /// <summary>Who checks signatures.</summary>
    internal LedgerIdentity CreateIdentity() => new DeviceIdentity(_device);

    /// <summary>The file of a space.</summary>
    internal string FileOf(string name) => PathOf(name);

    /// <summary>Whether a space's file can only be read; SQLite would put files of the same rights beside it, and leave them.</summary>
    internal bool IsReadOnlyFile(string path) => IsReadOnly || WriteAccess.IsDenied(path);

    /// <summary>Seals this device's key and the secret of a space.</summary>
    internal byte[] SealKeys(Passphrase passphrase, SpaceId space, SpaceSecret secret) => KeySeal.Seal(passphrase, _device, space, secret);

    private SpaceStore OpenStore(string path, string? displayName, bool mayCreate) => IntegritySteps.Translate(() =>
    {
        var isReadOnly = IsReadOnlyFile(path);
        if (!isReadOnly && SpaceMigration.RunIfOlder(path, new DeviceIdentity(_device)) is { } saved)
        {
            Migrated(_options.Loggers.CreateLogger("Replica.Peer.Host"), path, saved);
        }

        var engine = SqliteEngine.Open(path, mayCreate, new SqliteSettings { IsReadOnly = isReadOnly });
        var options = new SpaceStoreOptions(displayName ?? _options.DisplayName, _options.Time, DrawNonce)
        {
            Durability = _options.Durability,
            Place = isReadOnly ? null : new FilePlace(path),
            Telemetry = _telemetry,
        };
        try
        {
            return new SpaceStore(engine, new DeviceIdentity(_device), options);
        }
        catch (Exception damage) when (damage is EncodingException or ArgumentException or FormatException or InvalidOperationException
            or OverflowException or UnknownOperationException)
        {
            // No version of this program wrote such rows.
            engine.Dispose();
            throw new StoreException(StoreFault.Corrupt, $"'{path}' is damaged ({damage.Message}): run 'replica repair'.", damage);
        }
    });

    /// <summary>The space of that name if a ticket for it may be taken up: it is here to be read, and this device is no member.</summary>
    /// <exception cref="ReplicaException">It is another space, or this device is a member.</exception>
    private NetSpace? FindReadable(string name, SpaceId space)
    {
        lock (_gate)
        {
            if (_spaces.Values.FirstOrDefault(twin => twin.Id == space) is not { } twin)
            {
                return null;
            }

            return twin.Name == name && _stored[name] is { Secret: null, Pending: null } readable
                ? readable
                : throw new ReplicaException("REPLICA_SPACE_EXISTS", $"The ticket's space is here already, as '{twin.Name}'.");
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{File} was brought to the store format of this version; as it was before it is kept in {Saved}")]
    private static partial void Migrated(ILogger logger, string file, string saved);
}
