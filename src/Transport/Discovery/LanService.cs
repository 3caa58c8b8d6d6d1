using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Replica.Transport.Discovery;

/// <summary>Runs discovery on the local network: one socket on the multicast DNS port, on all interfaces. Any thread may call.</summary>
/// <remarks>The port is shared with other programs that speak the protocol. IPv4 only.</remarks>
public sealed class LanService : IAsyncDisposable
{
    private const int Port = 5353;
    private static readonly IPAddress Group = IPAddress.Parse("224.0.0.251");
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    private readonly Func<LanInterface, bool> _isWanted;
    private readonly Action<LanSighting, bool> _onNews;
    private readonly Action _onChanged;
    private readonly TimeProvider _time;
    private readonly Socket _socket;
    private readonly LanMachine _machine;
    private readonly long _startedAt;
    private readonly Lock _gate = new();
    private readonly HashSet<(int Index, IPAddress Address)> _joined = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly WakeSignal _wake;
    private Task _receiving = Task.CompletedTask;
    private Task _running = Task.CompletedTask;
    private long _heard;
    private readonly Lock _sending = new();
    private readonly SemaphoreSlim _testing = new(1);
    private LanSelfTest? _test;
    private int _isStale = 1;
    private int _disposed;

    private LanService(
        Socket socket,
        Func<string, bool, IReadOnlyList<LanTag>> tagsOf,
        Func<LanInterface, bool> isWanted,
        Action<LanSighting, bool> onNews,
        Action onChanged,
        TimeProvider time)
    {
        _socket = socket;
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
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.ExclusiveAddressUse = false;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.PacketInformation, true);
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, 255);
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastLoopback, true);
            socket.Bind(new IPEndPoint(IPAddress.Any, Port));
            var service = new LanService(socket, tagsOf, isWanted, onNews, onChanged, time);
            service._receiving = service.ReceiveAsync();
            service._running = service.RunAsync();
            NetworkChange.NetworkAddressChanged += service.OnNetworkChanged;
            NetworkChange.NetworkAvailabilityChanged += service.OnNetworkChanged;
            return service;
        }
        catch (SocketException fault)
        {
            socket.Dispose();
            throw new TransportException(
                TransportFailure.AddressInUse,
                $"The port {Port} for discovery on the local network can't be had: {fault.Message}. Peers are found by address and relay alone.",
                fault);
        }
    }

    /// <summary>The interfaces on which one can take part now.</summary>
    public static IReadOnlyList<LanInterface> FindInterfaces() =>
    [
        .. from card in NetworkInterface.GetAllNetworkInterfaces()
           where card.OperationalStatus == OperationalStatus.Up && card.SupportsMulticast && card.NetworkInterfaceType != NetworkInterfaceType.Loopback
           let properties = card.GetIPProperties()
           from unicast in properties.UnicastAddresses
           where unicast.Address.AddressFamily == AddressFamily.InterNetwork
           orderby card.Name
           select new LanInterface(properties.GetIPv4Properties()?.Index ?? 0, card.Name, unicast.Address),
    ];

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
            Send([.. test.Interfaces.Select(one => new LanOutput(one.Index, null, test.Packet))]);
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
        _socket.Dispose();
        await _receiving;
        _testing.Dispose();
        _stopping.Dispose();
    }

    private void OnNetworkChanged(object? sender, EventArgs change)
    {
        _ = Interlocked.Exchange(ref _isStale, 1);
        _wake.Wake();
    }

    private async Task RunAsync()
    {
        LanInterface[] interfaces = [];
        var lookAt = TimeSpan.Zero;
        while (!_stopping.IsCancellationRequested)
        {
            if (Interlocked.Exchange(ref _isStale, 0) == 1 || Now >= lookAt)
            {
                LanInterface[] found = [.. FindInterfaces().Where(_isWanted)];
                Join(found);
                lookAt = Now + LookInterval;
                if (!found.SequenceEqual(interfaces) && interfaces.Length > 0)
                {
                    // Where the system tells nothing of a cable that was pulled, which leaves the addresses, it is seen here alone.
                    _onChanged();
                }

                interfaces = found;
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
            var pause = next is { } at ? TimeSpan.FromTicks(Math.Clamp((at - Now).Ticks, 0, LookInterval.Ticks)) : LookInterval;
            _ = await _wake.PauseAsync(pause, _stopping.Token);
        }
    }

    private void Join(LanInterface[] interfaces)
    {
        var wanted = interfaces.Select(static one => (one.Index, one.Address)).ToHashSet();
        foreach (var (index, address) in wanted.Except(_joined).ToArray())
        {
            try
            {
                _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(Group, index));
            }
            catch (SocketException)
            {
                // Joined already for another address of the interface, or the interface has just gone.
            }

            _ = _joined.Add((index, address));
        }

        _joined.IntersectWith(wanted);
    }

    private void Send(IReadOnlyList<LanOutput> output)
    {
        // The choice of the interface is the socket's: nobody else may make another one before the packet is out.
        lock (_sending)
        {
            foreach (var one in output)
            {
                SendOne(one);
            }
        }
    }

    private void SendOne(LanOutput one)
    {
        try
        {
            _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.HostToNetworkOrder(one.Interface));
            _ = _socket.SendTo(one.Packet, one.To ?? new IPEndPoint(Group, Port));
        }
        catch (SocketException)
        {
            // The interface has just gone, or lets nothing out; the next look tells.
        }
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[DnsCodec.PacketBytesMax];
        var any = new IPEndPoint(IPAddress.Any, 0);
        while (true)
        {
            try
            {
                var packet = await _socket.ReceiveMessageFromAsync(buffer, SocketFlags.None, any);
                _ = Interlocked.Increment(ref _heard);
                Volatile.Read(ref _test)?.OnPacket(packet.PacketInformation.Interface, buffer.AsSpan(0, packet.ReceivedBytes));
                lock (_gate)
                {
                    _machine.OnPacket(
                        packet.PacketInformation.Interface, (IPEndPoint)packet.RemoteEndPoint, buffer.AsSpan(0, packet.ReceivedBytes), Now);
                }

                _wake.Wake();
            }
            catch (Exception fault) when (fault is SocketException { SocketErrorCode: SocketError.OperationAborted } or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // A packet that was too long, or an error of an earlier send.
                if (_stopping.IsCancellationRequested)
                {
                    return;
                }
            }
        }
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
