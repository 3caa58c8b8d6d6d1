using System.Security.Cryptography;
using Replica.Crdt.Causality;
using Replica.Peer.Membership;
using Replica.Peer.Net;
using Replica.Peer.Store;
using Replica.Peer.Store.Sqlite;
using Replica.Peer.Telemetry;
using Replica.Transport;
using Replica.Transport.Crypto;
using Replica.Transport.Relay;
using Replica.Transport.Tcp;
using Replica.Transport.WebSockets;

namespace Replica.Peer.Host;

/// <summary>A home: one directory with one device key and any number of spaces, held by one process. Any thread may call.</summary>
public sealed partial class ReplicaHome : IAsyncDisposable
{
    private const string ReadOnlyCode = "REPLICA_READ_ONLY";

    /// <summary>How space files end.</summary>
    private const string SpaceSuffix = ".db";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly HomeOptions _options;
    private readonly HomeLock _lock;
    private readonly KeyStore _keys;
    private readonly DeviceKeyPair _device;
    private readonly WebSocketTransport _webSockets;
    private readonly RelayTransport _relays;
    private readonly PeerTelemetry _telemetry;
    private readonly PeerNetwork _network;
    private readonly SortedDictionary<string, ReplicaSpace> _spaces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NetSpace> _stored = [];
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _adding = new(1);

    private ReplicaHome(HomeOptions options, HomeLock held, KeyStore keys, DeviceKeyPair device)
    {
        _options = options;
        _lock = held;
        _keys = keys;
        _device = device;
        _webSockets = new(options.Time);
        _relays = new(device, options.RelayTokens.GetValueOrDefault, options.Time);
        _telemetry = new(options.Meters);
        _network = new(
            device, [new TcpTransport(options.Time), .. options.Transports, _webSockets, _relays], options.Time, options.Loggers,
            Path.Combine(options.Directory, AddressBook.FileName), _telemetry);
        Observe();
    }

    /// <summary>This device's key.</summary>
    public DeviceKey Device => _device.PublicKey;

    /// <summary>Where the home is.</summary>
    public string Directory => _options.Directory;

    /// <summary>The names of the spaces, ascending.</summary>
    public IReadOnlyList<string> SpaceNames
    {
        get
        {
            lock (_gate)
            {
                return [.. _spaces.Keys];
            }
        }
    }

    /// <summary>The clock.</summary>
    internal TimeProvider Time => _options.Time;

    /// <summary>Whether the directory is a home.</summary>
    public static bool IsHome(string directory) => File.Exists(Path.Combine(directory, KeyStore.FolderName, "device.key"));

    /// <summary>Opens a home and all its spaces.</summary>
    /// <exception cref="ReplicaException">
    /// It is none (<c>REPLICA_NOT_A_HOME</c>), is held (<c>REPLICA_LOCKED</c>), or one of its files can't be used.
    /// </exception>
    public static Task<ReplicaHome> OpenAsync(HomeOptions options, CancellationToken cancellationToken = default) =>
        IsHome(options.Directory)
            ? OpenOrCreateAsync(options, cancellationToken)
            : throw NoHome(options.Directory);

    /// <summary>Opens a home, or makes an empty one of a directory that is missing or holds none.</summary>
    /// <exception cref="ReplicaException">It is held, or can't be written.</exception>
    public static async Task<ReplicaHome> OpenOrCreateAsync(HomeOptions options, CancellationToken cancellationToken = default)
    {
        _ = CreateDirectory(options.Directory);
        var held = Hold(options);
        ReplicaHome? home = null;
        try
        {
            home = Faults.Translate(() =>
            {
                var keys = KeyStore.Open(options.Directory);
                return new ReplicaHome(options, held, keys, keys.LoadOrCreateDevice());
            });
            await home.LoadAsync(cancellationToken);
            home.StartBackups();
            return home;
        }
        catch
        {
            if (home is null)
            {
                held.Dispose();
            }
            else
            {
                await home.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Whether nothing can be written here: see <see cref="HomeOptions.MayBeReadOnly"/>.</summary>
    public bool IsReadOnly => _lock.IsReadOnly;

    internal static HomeLock Hold(HomeOptions options)
    {
        try
        {
            return HomeLock.Take(options.Directory, options.Holder);
        }
        catch (ReplicaException fault) when (fault.Code == ReadOnlyCode && options.MayBeReadOnly && IsHome(options.Directory))
        {
            return HomeLock.TakeToRead(options.Directory);
        }
    }

    /// <summary>Refuses what a home that can't be written must not do.</summary>
    private void RequireWritable()
    {
        if (IsReadOnly)
        {
            throw new ReplicaException(
                ReadOnlyCode, $"'{Directory}' can't be written, and is open to be read alone: check its rights, or copy it to where it can be.");
        }
    }

    /// <summary>Refuses what can't name a space, and what is no ticket, before a directory is made into a home for them.</summary>
    /// <param name="name">The name that the space is to have in the home.</param>
    /// <param name="ticket">The ticket to join with; null to found a space.</param>
    /// <exception cref="ReplicaException">One of the two is not allowed.</exception>
    public static void CheckNew(string name, string? ticket)
    {
        if (name.Length is 0 or > KeyStore.SpaceNameCharsMax || !char.IsAsciiLetterOrDigit(name[0])
            || name.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
        {
            throw new ReplicaException(
                "REPLICA_INVALID",
                $"'{name}' can't name a space: 1 to {KeyStore.SpaceNameCharsMax} letters, digits, '-', '_' and '.' are allowed, "
                + "a letter or digit first.");
        }

        if (ticket is not null)
        {
            Faults.Translate(() => Ticket.Parse(ticket)).Dispose();
        }
    }

    /// <summary>A space by its name.</summary>
    /// <exception cref="ReplicaException">There is none (<c>REPLICA_NO_SPACE</c>).</exception>
    public ReplicaSpace GetSpace(string name)
    {
        lock (_gate)
        {
            return _spaces.TryGetValue(name, out var space)
                ? space
                : throw new ReplicaException("REPLICA_NO_SPACE", WhyNot(name));
        }
    }

    /// <summary>Founds a space; this device is its first admin.</summary>
    /// <param name="name">Its name here: 1 to 64 letters, digits, <c>-</c>, <c>_</c>, <c>.</c>, a letter or digit first.</param>
    /// <param name="displayName">How this device is called in it; null takes the home's option.</param>
    /// <param name="durability">When its local writes are acknowledged, from now on.</param>
    /// <param name="cancellationToken">Gives up before anything was made.</param>
    /// <exception cref="ReplicaException">There is one (<c>REPLICA_SPACE_EXISTS</c>), or the name is not allowed.</exception>
    public async Task<ReplicaSpace> CreateSpaceAsync(
        string name, string? displayName = null, Durability durability = Durability.Full, CancellationToken cancellationToken = default)
    {
        RequireWritable();
        await _adding.WaitAsync(cancellationToken);
        try
        {
            var path = PathOfNew(name);
            using var secret = SpaceSecret.Create();
            SpaceStore? store = null;
            try
            {
                store = OpenStore(path, displayName, mayCreate: true);
                var id = await Faults.TranslateAsync(store.FoundAsync(durability, CancellationToken.None));
                Faults.Translate(() => _keys.StoreSecret(name, id, secret));
                return Add(name, store, id, secret.Copy(), null);
            }
            catch
            {
                await DropAsync(store, path);
                throw;
            }
        }
        finally
        {
            _ = _adding.Release();
        }
    }

    /// <summary>Keeps a ticket; the join completes at the first connection with a member, on an address in the ticket or another.</summary>
    /// <param name="name">The space's name here.</param>
    /// <param name="ticket">The text of the ticket.</param>
    /// <param name="displayName">How this device is called in the space; null takes the home's option.</param>
    /// <param name="durability">When its local writes are acknowledged, from now on.</param>
    /// <param name="cancellationToken">Gives up before anything was made.</param>
    /// <exception cref="ReplicaException">The ticket can't be read, or the home has a space of that name.</exception>
    public async Task<ReplicaSpace> JoinSpaceAsync(
        string name,
        string ticket,
        string? displayName = null,
        Durability durability = Durability.Full,
        CancellationToken cancellationToken = default)
    {
        RequireWritable();
        var parsed = Faults.Translate(() => Ticket.Parse(ticket));
        await _adding.WaitAsync(cancellationToken);
        try
        {
            var readable = FindReadable(name, parsed.Space);
            var path = readable is null ? PathOfNew(name) : PathOf(name);
            var pending = new PendingJoin(parsed, displayName ?? _options.DisplayName);
            Faults.Translate(() => _keys.StoreTicket(name, pending));
            if (readable is not null)
            {
                readable.TakeTicket(pending);
                _network.OnTicket(readable);
                return GetSpace(name);
            }

            SpaceStore? store = null;
            try
            {
                store = OpenStore(path, displayName, mayCreate: true);
                _ = await Faults.TranslateAsync(store.JoinAsync(parsed.Space, durability, CancellationToken.None));
                return Add(name, store, parsed.Space, null, pending);
            }
            catch
            {
                await DropAsync(store, path);
                _keys.DeleteTicket(name);
                throw;
            }
        }
        finally
        {
            _ = _adding.Release();
        }
    }

    /// <summary>The home as it is now.</summary>
    public async Task<HomeStatus> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        var statuses = new List<SpaceStatus>();
        foreach (var space in AllSpaces())
        {
            statuses.Add(await space.GetStatusAsync(cancellationToken) with { Backup = BackupOf(space.Name) });
        }

        return new(
            Directory,
            Device.ToString(),
            SqliteLibrary.Describe(),
            [.. _network.Listening.Select(static address => address.ToString())],
            _network.IsPaused,
            statuses,
            _network.GetPeers())
        {
            Notices = _network.Shared.Notice is { } shared ? [shared] : [],
            IsReadOnly = IsReadOnly,
        };
    }

    /// <summary>Ends connections, finishes what is queued, closes all files and lets go of the home.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopBackupsAsync();
        await _network.DisposeAsync();
        foreach (var space in _stored.Values)
        {
            await space.DisposeAsync();
        }

        _webSockets.Dispose();
        _relays.Dispose();
        _device.Dispose();
        _telemetry.Dispose();
        _stopping.Dispose();
        _adding.Dispose();
        _lock.Dispose();
    }

    private string WhyNot(string name)
    {
        if (_keys.SpaceNames.Contains(name))
        {
            return $"'{PathOf(name)}' is missing or empty, though the secret of its space is kept: put the file back from a backup, "
                + "or join the space again under another name, with a new ticket.";
        }

        var names = _spaces.Count == 0 ? "none" : string.Join(", ", _spaces.Keys);
        return $"'{Directory}' has no space '{name}'; it has: {names}.";
    }

    private ReplicaSpace Add(string name, SpaceStore store, SpaceId id, SpaceSecret? secret, PendingJoin? pending)
    {
        var presences = new PresenceBoard(_options.Time);
        var netSpace = new NetSpace(name, id, store, _keys, secret, pending, presences, !_options.Uncompressed.Contains(name))
        {
            Telemetry = _telemetry,
        };
        var space = new ReplicaSpace(this, netSpace);
        lock (_gate)
        {
            _stored.Add(name, netSpace);
            _spaces.Add(name, space);
        }

        _network.AddSpace(netSpace);
        return space;
    }

    private string PathOfNew(string name)
    {
        CheckNew(name, null);
        var path = PathOf(name);
        // An empty file is what a founding left that was interrupted at its very begin, unless there is a secret to it.
        return new FileInfo(path) is { Exists: true } file && (file.Length > 0 || _keys.SpaceNames.Contains(name))
            ? throw new ReplicaException("REPLICA_SPACE_EXISTS", $"'{Directory}' has a space '{name}' already: choose another with --space.")
            : path;
    }

    private string PathOf(string name) => PathOf(Directory, name);

    private static IncarnationNonce DrawNonce() => IncarnationNonce.FromBytes(RandomNumberGenerator.GetBytes(IncarnationNonce.Size));

    internal static DirectoryInfo CreateDirectory(string directory)
    {
        try
        {
            return OperatingSystem.IsWindows()
                ? System.IO.Directory.CreateDirectory(directory)
                : System.IO.Directory.CreateDirectory(directory, OwnerOnly);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ReplicaException(
                "REPLICA_READ_ONLY", $"'{directory}' can't be made: check the name and the rights of the folder above it.", fault);
        }
    }

    private static async Task DropAsync(SpaceStore? store, string path)
    {
        await (store?.DisposeAsync() ?? ValueTask.CompletedTask);
        foreach (var file in new[] { path, path + "-wal", path + "-shm", path + FilePlace.Suffix })
        {
            File.Delete(file);
        }
    }
}
