using System.Collections.Concurrent;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Replica.Peer.Sync;
using Replica.Peer.Telemetry;
using Replica.Transport;
using Replica.Transport.Crypto;
using Replica.Transport.Dialing;
using Replica.Transport.Noise;
using Replica.Transport.Relay;

namespace Replica.Peer.Net;

/// <summary>Listens, dials and keeps sessions for the spaces of a home. Any thread may call.</summary>
internal sealed class PeerNetwork : IAsyncDisposable
{
    private readonly DeviceKeyPair _device;
    private readonly IReadOnlyList<ITransport> _transports;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SecureDoor _door;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskSet _tasks = new();
    private readonly Lock _gate = new();
    private readonly List<NetSpace> _spaces = [];
    private readonly List<IListener> _listeners = [];
    private readonly ConcurrentDictionary<PeerAddress, DeviceKey> _due = new();
    private readonly PeerDialer _dialer;
    private readonly PeerFinder _finder;
    private CancellationTokenSource _running = new();

    public PeerNetwork(
        DeviceKeyPair device, IReadOnlyList<ITransport> transports, TimeProvider time, ILoggerFactory loggers, string? addressBook = null,
        PeerTelemetry? telemetry = null)
    {
        Telemetry = telemetry;
        _door = new(device, time, telemetry);
        (_device, _transports, _time) = (device, transports, time);
        Faults = new(time);
        Sessions = new(_tasks.AddLater);
        Hello = new(device.PublicKey, Instance, SyncFeatures.All);
        _log = loggers.CreateLogger("Replica.Peer.Net");
        _dialer = new(DialAsync, addressBook is null ? null : new AddressBook(addressBook, _log), time, _log);
        _finder = new(() => Spaces, () => Listening, _dialer, () => OnNetworkChanged(null, EventArgs.Empty), time, _log);
        _tasks.Add(_dialer.RunAsync(_stopping.Token));
        NetworkChange.NetworkAddressChanged += OnNetworkChanged;
        NetworkChange.NetworkAvailabilityChanged += OnNetworkChanged;
    }

    /// <summary>This process: tells a second connection from a copied identity.</summary>
    public InstanceId Instance { get; } = new(BitConverter.ToUInt128(RandomNumberGenerator.GetBytes(16)));

    /// <summary>Its sessions.</summary>
    public SessionTable<PeerSession> Sessions { get; }

    /// <summary>What it says first in each.</summary>
    public HelloRule Hello { get; }

    /// <summary>Where it is told how much happens; null for nowhere.</summary>
    public PeerTelemetry? Telemetry { get; }

    /// <summary>Whether this device's key is another's too.</summary>
    public SharedIdentity Shared { get; } = new();

    /// <summary>Which devices broke the protocol.</summary>
    public PeerFaults Faults { get; }

    /// <summary>This device's key.</summary>
    public DeviceKey Device => _device.PublicKey;

    /// <summary>The clock.</summary>
    public TimeProvider Time => _time;

    /// <summary>Whether peers are kept away for now.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>The addresses that peers may dial.</summary>
    public IReadOnlyList<PeerAddress> Listening
    {
        get
        {
            lock (_gate)
            {
                return [.. _listeners.Select(static listener => listener.Address)];
            }
        }
    }

    /// <summary>The spaces to open with peers.</summary>
    public IReadOnlyList<NetSpace> Spaces
    {
        get
        {
            lock (_gate)
            {
                return [.. _spaces];
            }
        }
    }

    /// <summary>Takes a space on; the addresses in its pending ticket are dialled.</summary>
    public void AddSpace(NetSpace space)
    {
        lock (_gate)
        {
            _spaces.Add(space);
        }

        OnTicket(space);
    }

    /// <summary>Looks for a member with the ticket of a space, if it has one; tells sessions of the space.</summary>
    public void OnTicket(NetSpace space)
    {
        foreach (var session in Sessions.All)
        {
            session.OnSpaceAdded(space);
        }

        _finder.AddSpace(space);
        foreach (var hint in space.Pending?.Ticket.Hints ?? [])
        {
            if (PeerAddress.TryParse(hint, out var address, out _) && !address.IsOnLink && _transports.Any(transport => transport.CanReach(address)))
            {
                _dialer.Add(address, CandidateKind.Hint, space.Pending!.Ticket.Inviter);
            }
        }
    }

    /// <summary>What looks for peers.</summary>
    public PeerFinder Finder => _finder;

    /// <summary>How it stands with the relays at which this device listens.</summary>
    public IReadOnlyList<RelayStatus> Relays
    {
        get
        {
            lock (_gate)
            {
                return [.. _listeners.OfType<RelayListener>().Select(static relay => relay.Status)];
            }
        }
    }

    /// <summary>Starts to listen.</summary>
    /// <exception cref="TransportException">The address can't be had.</exception>
    public async Task<PeerAddress> ListenAsync(PeerAddress address, CancellationToken cancellationToken)
    {
        var listener = await TransportFor(address).ListenAsync(address, cancellationToken);
        lock (_gate)
        {
            _listeners.Add(listener);
        }

        _tasks.Add(new AcceptLoop(listener, _time, _log).RunAsync(TakeAsync, _stopping.Token));
        if (listener is RelayListener relay)
        {
            _finder.AddRelay(relay);
        }

        _finder.Hurry();
        return listener.Address;
    }

    /// <summary>Keeps a session with whoever answers at an address, or with the one device that is due there.</summary>
    /// <exception cref="TransportException">No transport here reaches such an address.</exception>
    public void Connect(PeerTarget target)
    {
        _ = TransportFor(target.Address);
        if (target.Device is { } device)
        {
            _due[target.Address] = device;
        }

        _dialer.Add(target.Address, CandidateKind.Configured, target.Device);
    }

    /// <summary>Ends all sessions and makes no new ones.</summary>
    public void Pause()
    {
        CancellationTokenSource ended;
        lock (_gate)
        {
            IsPaused = true;
            ended = _running;
        }

        _dialer.SetPaused(true);
        ended.Cancel();
    }

    /// <summary>Makes sessions again.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            if (!IsPaused)
            {
                return;
            }

            // The old source is left to the collector: a pause at the same moment may still be cancelling it.
            IsPaused = false;
            _running = new();
        }

        _dialer.SetPaused(false);
        _dialer.Hurry();
    }

    /// <summary>All peers as they are now.</summary>
    public IReadOnlyList<PeerStatus> GetPeers() =>
        [.. Sessions.All.Select(static session => session.GetStatus()), .. _dialer.Waiting];

    /// <summary>A session knows who is at the other end: the dialer learns where that device is.</summary>
    public void OnOpened(PeerSession session) => _dialer.OnOpened(session);

    /// <summary>A space was opened in a session: the address that led there is worth keeping.</summary>
    public void OnUseful(PeerSession session) => _dialer.OnUseful(session);

    public async ValueTask DisposeAsync()
    {
        IListener[] listeners;
        lock (_gate)
        {
            listeners = [.. _listeners];
        }

        NetworkChange.NetworkAddressChanged -= OnNetworkChanged;
        NetworkChange.NetworkAvailabilityChanged -= OnNetworkChanged;
        await _stopping.CancelAsync();
        await _running.CancelAsync();
        await _finder.DisposeAsync();
        foreach (var listener in listeners)
        {
            await listener.DisposeAsync();
        }

        await _tasks.DrainAsync();
        _door.Dispose();
        _running.Dispose();
        _stopping.Dispose();
    }

    private CancellationToken Running()
    {
        lock (_gate)
        {
            return _running.Token;
        }
    }

    private ITransport TransportFor(PeerAddress address) =>
        _transports.FirstOrDefault(transport => transport.CanReach(address))
        ?? throw new TransportException(TransportFailure.AddressUnsupported, $"No transport here reaches '{address}': use tcp://host:port.");

    private async Task TakeAsync(IConnection connection)
    {
        if (IsPaused)
        {
            connection.Abort(null);
            await connection.DisposeAsync();
        }
        else
        {
            _tasks.Add(AnswerAsync(connection));
        }
    }

    private async Task AnswerAsync(IConnection connection)
    {
        var from = connection.RemoteAddress;
        try
        {
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, Running());
            await RunSessionAsync(await _door.AnswerAsync(connection, linked.Token), null, linked.Token);
        }
        catch (Exception fault) when (fault is HandshakeException or TransportException or SecureSessionException or OperationCanceledException)
        {
            PeerLog.Refused(_log, from, fault.Message);
        }
        catch (Exception fault)
        {
            PeerLog.SessionFailed(_log, fault, from, fault.GetType().Name, fault.Message);
        }
    }

    /// <summary>Opens a secure session as the side that dialled, and runs it to its end.</summary>
    private async Task DialAsync(PeerAddress address, CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Running());
        DeviceKey? due = _due.TryGetValue(address, out var device) ? device : null;
        await RunSessionAsync(await _door.DialAsync(TransportFor(address), address, due, linked.Token), address, linked.Token);
    }

    private async Task RunSessionAsync(SecureConnection secure, PeerAddress? dialled, CancellationToken cancellationToken)
    {
        var faults = Faults.CountOf(secure.RemoteDevice);
        if (Faults.IsKeptAway(secure.RemoteDevice))
        {
            PeerLog.KeptAway(_log, secure.RemoteAddress, secure.RemoteDevice.ToString(), faults);
            await secure.DisposeAsync();
            if (dialled is not null)
            {
                _dialer.OnFailed(dialled, $"the device broke the protocol {faults} times: it is dialled again later");
            }

            return;
        }

        var session = new PeerSession(this, secure, dialled, _log) { Faults = faults };
        Sessions.Add(session);
        using var activity = Telemetry?.Start("replica.session");
        try
        {
            _ = await session.RunAsync(cancellationToken);
        }
        finally
        {
            Sessions.Remove(session);
            await session.DisposeAsync();
            if (session.IsOpened)
            {
                _dialer.OnEnded(session);
            }
            else if (dialled is not null && session.IsLoop)
            {
                _dialer.OnLoop(dialled);
            }
            else if (dialled is not null)
            {
                _dialer.OnFailed(dialled, session.EndText);
            }
        }
    }

    private void OnNetworkChanged(object? sender, EventArgs change)
    {
        // A session over an interface that is gone would notice after a minute; one that is well answers at once.
        var usable = LocalAddresses.FindUsable();
        foreach (var session in Sessions.All)
        {
            if (LocalAddresses.IsLost(usable, session.LocalAddress, session.Address))
            {
                session.EndNow(GoAwayReason.Stalled, "the network interface that it went over is gone");
            }
            else
            {
                session.Probe();
            }
        }

        lock (_gate)
        {
            _listeners.OfType<RelayListener>().ToList().ForEach(static relay => relay.Wake());
        }

        _dialer.Hurry();
    }
}
