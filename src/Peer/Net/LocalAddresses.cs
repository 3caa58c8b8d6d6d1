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
}
