using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Replica.Transport.Discovery;

/// <summary>Runs discovery on the local network: a socket for IPv4 and one for IPv6, on all interfaces. Any thread may call.</summary>
/// <remarks>The port is shared with other programs that speak the protocol.</remarks>
public sealed class LanService : IAsyncDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    /// <summary>Between two looks at the interfaces: whoever makes addresses come and go (any neighbour can, in IPv6) is not followed faster.</summary>
    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(200);

    private readonly Func<LanInterface, bool> _isWanted;
    private readonly Action<LanSighting, bool> _onNews;
    private readonly Action _onChanged;
    private readonly TimeProvider _time;
    private readonly IReadOnlyList<LanSocket> _sockets;
    private readonly LanMachine _machine;
    private readonly long _startedAt;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly WakeSignal _wake;
    private Task _receiving = Task.CompletedTask;
    private Task _running = Task.CompletedTask;
    private long _heard;
    private readonly SemaphoreSlim _testing = new(1);
    private LanSelfTest? _test;
    private int _isStale = 1;
    private volatile bool _isUnsent;
    private int _disposed;

    private LanService(
        IReadOnlyList<LanSocket> sockets,
        Func<string, bool, IReadOnlyList<LanTag>> tagsOf,
        Func<LanInterface, bool> isWanted,
        Action<LanSighting, bool> onNews,
        Action onChanged,
        TimeProvider time)
    {
        _sockets = sockets;
        _isWanted = isWanted;
        _onNews = onNews;
        _onChanged = onChanged;
        _time = time;
        _wake = new(time);
        _startedAt = time.GetTimestamp();
        _machine = new(tagsOf, static () => BinaryPrimitives.ReadUInt64BigEndian(RandomNumberGenerator.GetBytes(8)), new LanOptions());
    }

    /// <summary>Packets of the protocol that were heard, from this machine and others.</summary>
    public long PacketsHeard => Volatile.Read(ref _heard);

    /// <summary>What was heard: announcements of peers, and the last few of others.</summary>
    public IReadOnlyList<LanSighting> Sightings
    {
        get
        {
            lock (_gate)
            {
                return [.. _machine.Table.Known, .. _machine.Table.Strangers];
            }
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_startedAt);

    /// <summary>Starts to listen and to announce.</summary>
    /// <param name="tagsOf">Our tags for an instance name; true to announce, false to recognise others by. Called under a lock.</param>
    /// <param name="isWanted">Whether an interface is taken part on.</param>
    /// <param name="onNews">Called with an announcement of a peer that was seen (false) or has gone (true).</param>
    /// <param name="onChanged">Called when interfaces came or went.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="TransportException">The port can't be had.</exception>
    public static LanService Start(
        Func<string, bool, IReadOnlyList<LanTag>> tagsOf,
        Func<LanInterface, bool> isWanted,
        Action<LanSighting, bool> onNews,
        Action onChanged,
        TimeProvider time)
    {
        var service = new LanService(OpenSockets(), tagsOf, isWanted, onNews, onChanged, time);
        service._receiving = Task.WhenAll(service._sockets.Select(socket => socket.ReceiveAsync(service.OnPacket)));
        service._running = service.RunAsync();
        NetworkChange.NetworkAddressChanged += service.OnNetworkChanged;
        NetworkChange.NetworkAvailabilityChanged += service.OnNetworkChanged;
        return service;
    }

    /// <summary>The interfaces on which one can take part now, once for each of their addresses.</summary>
    public static IReadOnlyList<LanInterface> FindInterfaces() => NetworkLook.Take<IReadOnlyList<LanInterface>>(static () =>
    [
        .. from card in NetworkInterface.GetAllNetworkInterfaces()
           where card.OperationalStatus == OperationalStatus.Up && card.SupportsMulticast && card.NetworkInterfaceType != NetworkInterfaceType.Loopback
           let properties = card.GetIPProperties()
           from unicast in properties.UnicastAddresses
           let isOld = unicast.Address.AddressFamily == AddressFamily.InterNetwork
           where isOld || unicast.Address.AddressFamily == AddressFamily.InterNetworkV6
           orderby card.Name
           select new LanInterface(
               (isOld ? properties.GetIPv4Properties()?.Index : properties.GetIPv6Properties()?.Index) ?? 0, card.Name, LanAddress.Bare(unicast.Address)),
    ]);

    /// <summary>Says at which port peers may dial; 0 for none.</summary>
    public void SetPort(int port)
    {
        lock (_gate)
        {
            _machine.SetPort(port, Now);
        }

        _wake.Wake();
    }

    /// <summary>What is announced and searched for has changed: looks around at once.</summary>
    public void Hurry()
    {
        lock (_gate)
        {
            _machine.Hurry(Now);
        }

        _wake.Wake();
    }

    /// <summary>Sends a packet to all on each interface that is taken part on, and listens for it.</summary>
    /// <param name="patience">How long it may take to come back.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it did, for each interface.</returns>
    public async Task<IReadOnlyList<LanEcho>> HearSelfAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        await _testing.WaitAsync(cancellationToken);
        try
        {
            var test = new LanSelfTest(FindInterfaces().Where(_isWanted));
            Volatile.Write(ref _test, test);
            Send(test.Output);
            await test.Done.WaitAsync(patience, _time, cancellationToken);
            return test.Echoes;
        }
        catch (TimeoutException)
        {
            return Volatile.Read(ref _test)!.Echoes;
        }
        finally
        {
            Volatile.Write(ref _test, null);
            _ = _testing.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        NetworkChange.NetworkAddressChanged -= OnNetworkChanged;
        NetworkChange.NetworkAvailabilityChanged -= OnNetworkChanged;
        await _stopping.CancelAsync();
        await _running;
        IReadOnlyList<LanOutput> goodbyes;
        lock (_gate)
        {
            goodbyes = _machine.Leave();
        }

        Send(goodbyes);
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }

        await _receiving;
        _testing.Dispose();
        _stopping.Dispose();
    }

    private void OnNetworkChanged(object? sender, EventArgs change)
    {
        _ = Interlocked.Exchange(ref _isStale, 1);
        _wake.Wake();
    }

    /// <summary>IPv6 is left out where its port can't be had; that nothing is heard by it, the doctor tells.</summary>
    private static List<LanSocket> OpenSockets()
    {
        var sockets = new List<LanSocket>();
        try
        {
            sockets.Add(LanSocket.Open(AddressFamily.InterNetwork));
        }
        catch (SocketException fault)
        {
            throw new TransportException(
                TransportFailure.AddressInUse,
                $"The port {LanSocket.Port} for discovery on the local network can't be had: {fault.Message}. Peers are found by address and relay alone.",
                fault);
        }

        try
        {
            sockets.Add(LanSocket.Open(AddressFamily.InterNetworkV6));
        }
        catch (SocketException)
        {
            // The system has no IPv6, or somebody keeps its port to himself.
        }

        return sockets;
    }

    private async Task RunAsync()
    {
        LanInterface[] interfaces = [];
        var (lookAt, lookedAt) = (TimeSpan.Zero, -LookPause);
        while (!_stopping.IsCancellationRequested)
        {
            lookAt = Volatile.Read(ref _isStale) == 1 && lookAt > lookedAt + LookPause ? lookedAt + LookPause : lookAt;
            if (Now >= lookAt)
            {
                var isTold = Interlocked.Exchange(ref _isStale, 0) == 1;
                LanInterface[] found = [.. FindInterfaces().Where(_isWanted)];
                Join(found);
                (lookedAt, lookAt) = (Now, Now + LookInterval);
                if (!found.SequenceEqual(interfaces) && interfaces.Length > 0)
                {
                    // Where the system tells nothing of a cable that was pulled, which leaves the addresses, it is seen here alone.
                    _onChanged();
                }

                interfaces = found;
                if (isTold && _isUnsent)
                {
                    // A new address of IPv6 says nothing until the system has asked whether another has it: now it may be good.
                    _isUnsent = false;
                    Hurry();
                }
            }

            IReadOnlyList<LanOutput> output;
            TimeSpan? next;
            lock (_gate)
            {
                _machine.SetInterfaces(interfaces, Now);
                (output, next) = _machine.Advance(Now);
            }

            Send(output);
            TellNews();
            next = next is { } due && due < lookAt ? due : lookAt;
            var pause = TimeSpan.FromTicks(Math.Clamp((next.Value - Now).Ticks, 0, LookInterval.Ticks));
            _ = await _wake.PauseAsync(pause, _stopping.Token);
        }
    }

    private void Join(LanInterface[] interfaces)
    {
        foreach (var socket in _sockets)
        {
            socket.Join(interfaces);
        }
    }

    private void Send(IReadOnlyList<LanOutput> output)
    {
        foreach (var one in output)
        {
            // What does not go out is left: the interface has gone, which the next look tells, or its address is not good yet.
            _isUnsent |= !(_sockets.FirstOrDefault(socket => socket.Family == one.Link.Family)?.TrySend(one) ?? true);
        }
    }

    private void OnPacket(LanLink link, IPEndPoint from, ReadOnlySpan<byte> packet)
    {
        _ = Interlocked.Increment(ref _heard);
        Volatile.Read(ref _test)?.OnPacket(link, packet);
        lock (_gate)
        {
            _machine.OnPacket(link.Interface, from, packet, Now);
        }

        _wake.Wake();
    }

    private void TellNews()
    {
        IReadOnlyList<(LanSighting Sighting, bool IsGone)> news;
        lock (_gate)
        {
            news = _machine.Table.TakeNews();
        }

        foreach (var (sighting, isGone) in news)
        {
            _onNews(sighting, isGone);
        }
    }
}
