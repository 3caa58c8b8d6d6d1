using System.Net;
using System.Net.Sockets;

namespace Replica.Transport.Discovery;

/// <summary>The multicast DNS port of one family of addresses, shared with other programs. Any thread may send.</summary>
internal sealed class LanSocket : IDisposable
{
    /// <summary>The port of the protocol.</summary>
    public const int Port = 5353;

    private const int HopsMax = 255;

    private readonly IPAddress _group;
    private readonly Socket _socket;
    private readonly HashSet<(int Index, IPAddress Address)> _joined = [];
    private readonly Lock _sending = new();
    private volatile bool _isClosed;

    private LanSocket(AddressFamily family)
    {
        Family = family;
        _group = IPAddress.Parse(IsIPv6 ? "ff02::fb" : "224.0.0.251");
        _socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
    }

    /// <summary>Whose port it is.</summary>
    public AddressFamily Family { get; }

    private bool IsIPv6 => Family == AddressFamily.InterNetworkV6;

    private SocketOptionLevel Level => IsIPv6 ? SocketOptionLevel.IPv6 : SocketOptionLevel.IP;

    /// <summary>Takes the port.</summary>
    /// <exception cref="SocketException">It can't be had.</exception>
    public static LanSocket Open(AddressFamily family)
    {
        var opened = new LanSocket(family);
        try
        {
            opened.Bind();
            return opened;
        }
        catch (SocketException)
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Joins the group where it was not joined before. Not safe for several threads.</summary>
    /// <param name="interfaces">All that are there; of those, the ones of this family count.</param>
    public void Join(IReadOnlyList<LanInterface> interfaces)
    {
        var wanted = interfaces.Where(one => one.Address.AddressFamily == Family).Select(static one => (one.Index, one.Address)).ToHashSet();
        foreach (var (index, address) in wanted.Except(_joined).ToArray())
        {
            try
            {
                _socket.SetSocketOption(
                    Level, SocketOptionName.AddMembership, IsIPv6 ? new IPv6MulticastOption(_group, index) : new MulticastOption(_group, index));
            }
            catch (SocketException)
            {
                // Joined already for another address of the interface, or the interface has just gone.
            }

            _ = _joined.Add((index, address));
        }

        _joined.IntersectWith(wanted);
    }

    /// <summary>Sends a packet.</summary>
    /// <returns>False if it can't go out now: the interface has just gone, or its address is not good yet.</returns>
    public bool TrySend(LanOutput one)
    {
        try
        {
            if (IsIPv6)
            {
                _ = _socket.SendTo(one.Packet, one.To ?? new IPEndPoint(new IPAddress(_group.GetAddressBytes(), one.Link.Interface), Port));
                return true;
            }

            // The choice of the interface is the socket's: nobody else may make another one before the packet is out.
            lock (_sending)
            {
                _socket.SetSocketOption(Level, SocketOptionName.MulticastInterface, IPAddress.HostToNetworkOrder(one.Link.Interface));
                _ = _socket.SendTo(one.Packet, one.To ?? new IPEndPoint(_group, Port));
                return true;
            }
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Hands on what comes, until it is closed.</summary>
    public async Task ReceiveAsync(LanPacketHandler take)
    {
        var buffer = new byte[DnsCodec.PacketBytesMax];
        var any = new IPEndPoint(IsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (!_isClosed)
        {
            try
            {
                var packet = await _socket.ReceiveMessageFromAsync(buffer, SocketFlags.None, any);
                var from = (IPEndPoint)packet.RemoteEndPoint;
                if (IsFromLink(from.Address, packet.PacketInformation.Address))
                {
                    take(new(packet.PacketInformation.Interface, Family), from, buffer.AsSpan(0, packet.ReceivedBytes));
                }
            }
            catch (Exception fault) when (fault is SocketException { SocketErrorCode: SocketError.OperationAborted } or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // A packet that was too long, or an error of an earlier send.
            }
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        _socket.Dispose();
    }

    private void Bind()
    {
        if (IsIPv6)
        {
            _socket.DualMode = false;
        }

        _socket.Ttl = HopsMax;
        _socket.ExclusiveAddressUse = false;
        _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _socket.SetSocketOption(Level, SocketOptionName.PacketInformation, true);
        _socket.SetSocketOption(Level, SocketOptionName.MulticastTimeToLive, HopsMax);
        _socket.SetSocketOption(Level, SocketOptionName.MulticastLoopback, true);
        _socket.Bind(new IPEndPoint(IsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, Port));
    }

    /// <summary>
    /// Whether a packet was sent on the link: to the group, which no router passes on, or from a link-local address. Global IPv6
    /// addresses can be sent to from everywhere, unlike those of IPv4 behind a NAT: [RFC6762] section 11.
    /// </summary>
    private bool IsFromLink(IPAddress from, IPAddress to) => !IsIPv6 || from.IsIPv6LinkLocal || LanAddress.Bare(to).Equals(_group);
}
