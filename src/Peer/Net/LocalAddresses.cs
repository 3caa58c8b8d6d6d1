using System.Net;
using System.Net.NetworkInformation;
using Replica.Transport;

namespace Replica.Peer.Net;

/// <summary>Turns "any address" of a listener into addresses that others can dial.</summary>
internal static class LocalAddresses
{
    /// <summary>The address itself, or one for each of the host's own addresses if it listens on all.</summary>
    public static IEnumerable<PeerAddress> Expand(PeerAddress address)
    {
        var host = address switch
        {
            PeerAddress.TcpHost tcp => tcp.Host,
            PeerAddress.WebSocketHost web => web.Host,
            _ => null,
        };
        if (!IPAddress.TryParse(host, out var ip) || !(ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)))
        {
            return [address];
        }

        return NetworkInterface.GetAllNetworkInterfaces()
            .Where(static card => card.OperationalStatus == OperationalStatus.Up
                && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(static card => card.GetIPProperties().UnicastAddresses)
            .Select(static unicast => unicast.Address)
            .Where(own => own.AddressFamily == ip.AddressFamily && !own.IsIPv6LinkLocal)
            .Select(own => address is PeerAddress.WebSocketHost web
                ? web.WithHost(own)
                : (PeerAddress)PeerAddress.TcpHost.From(new IPEndPoint(own, ((PeerAddress.TcpHost)address).Port)));
    }

    /// <summary>The addresses on interfaces that are not known to be down.</summary>
    public static HashSet<IPAddress> FindUsable() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .Where(static card => card.OperationalStatus is not (OperationalStatus.Down or OperationalStatus.NotPresent or OperationalStatus.LowerLayerDown))
            .SelectMany(static card => card.GetIPProperties().UnicastAddresses)
            .Select(static unicast => Plain(unicast.Address)),
    ];

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
}
