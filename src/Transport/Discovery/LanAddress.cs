using System.Net;
using System.Net.Sockets;

namespace Replica.Transport.Discovery;

/// <summary>What addresses mean on a link.</summary>
internal static class LanAddress
{
    /// <summary>The address as this computer dials it: a link-local one of IPv6 on the interface where it was heard, any other alone.</summary>
    public static IPAddress OnLink(IPAddress address, int index) => address.AddressFamily != AddressFamily.InterNetworkV6 ? address
        : address.IsIPv6LinkLocal ? new(address.GetAddressBytes(), index) : Bare(address);

    /// <summary>The address without the interface: so it goes on the wire.</summary>
    public static IPAddress Bare(IPAddress address) => new(address.GetAddressBytes());

    /// <summary>
    /// Whether an address that somebody named can be one host of a network: no group, not this computer itself, and no IPv4
    /// address that is dressed as IPv6.
    /// </summary>
    public static bool IsOfOneHost(IPAddress address)
    {
        if (IPAddress.IsLoopback(address) || address.IsIPv6Multicast || address.IsIPv4MappedToIPv6 || address.Equals(IPAddress.IPv6Any))
        {
            return false;
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 || address.GetAddressBytes()[0] is > 0 and < 224;
    }
}
