using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Replica.Transport;
using Replica.Transport.Discovery;

namespace Replica.Peer.Net;

/// <summary>What the address of a listener means to others.</summary>
internal static class LocalAddresses
{
    /// <summary>
    /// The addresses at which others can dial: the address itself, or those of this host, IPv4 first, if it listens on all. None
    /// that means something on one link alone.
    /// </summary>
    public static IEnumerable<PeerAddress> ForOthers(PeerAddress address)
    {
        if (!IPAddress.TryParse(HostOf(address), out var bound) || !IsAny(bound))
        {
            return address.IsOnLink ? [] : [address];
        }

        return NetworkLook.Take<PeerAddress[]>(() =>
        [
            .. NetworkInterface.GetAllNetworkInterfaces()
            .Where(static card => card.OperationalStatus == OperationalStatus.Up
                && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(static card => card.GetIPProperties().UnicastAddresses)
            .Select(static unicast => unicast.Address)
            .Where(own => TakesFamily(bound, own) && !own.IsIPv6LinkLocal)
            .OrderBy(static own => own.AddressFamily == AddressFamily.InterNetworkV6)
            .Select(own => address is PeerAddress.WebSocketHost web
                ? web.WithHost(own)
                : (PeerAddress)PeerAddress.TcpHost.From(new IPEndPoint(own, ((PeerAddress.TcpHost)address).Port))),
        ]);
    }

    /// <summary>The addresses on interfaces that are not known to be down.</summary>
    public static HashSet<IPAddress> FindUsable() => NetworkLook.Take<HashSet<IPAddress>>(static () =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .Where(static card => card.OperationalStatus is not (OperationalStatus.Down or OperationalStatus.NotPresent or OperationalStatus.LowerLayerDown))
            .SelectMany(static card => card.GetIPProperties().UnicastAddresses)
            .Select(static unicast => Plain(unicast.Address)),
    ]);

    /// <summary>Whether a stream can carry nothing any more because the address that it goes out from is on no interface that is up.</summary>
    /// <param name="usable">The addresses that can be used.</param>
    /// <param name="local">The stream's own; null if it is not known.</param>
    /// <param name="remote">Where it leads: what stays on this machine needs no interface.</param>
    public static bool IsLost(IReadOnlySet<IPAddress> usable, IPAddress? local, PeerAddress remote) =>
        local is not null && !usable.Contains(Plain(local))
        && !(remote is PeerAddress.TcpHost tcp && IPAddress.TryParse(tcp.Host, out var host) && Plain(host).Equals(Plain(local)));

    // Neither how it is written nor the interface it was learned on makes it another address.
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address.IsIPv6LinkLocal ? new(address.GetAddressBytes())
        : address;

    /// <summary>Whether a listener is reached at an address of an interface.</summary>
    public static bool Takes(PeerAddress.TcpHost listener, LanInterface one)
    {
        if (!IPAddress.TryParse(listener.Host, out var bound))
        {
            return false;
        }

        return IsAny(bound) ? TakesFamily(bound, one.Address)
            : bound.GetAddressBytes().AsSpan().SequenceEqual(one.Address.GetAddressBytes()) && (!bound.IsIPv6LinkLocal || bound.ScopeId == one.Index);
    }

    private static string? HostOf(PeerAddress address) => address switch
    {
        PeerAddress.TcpHost tcp => tcp.Host,
        PeerAddress.WebSocketHost web => web.Host,
        _ => null,
    };

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    /// <summary>Who listens at all addresses of IPv6 takes IPv4 in as well.</summary>
    private static bool TakesFamily(IPAddress any, IPAddress own) =>
        any.AddressFamily == own.AddressFamily || (any.Equals(IPAddress.IPv6Any) && own.AddressFamily == AddressFamily.InterNetwork);
}
