using System.Net.Sockets;

namespace Replica.Transport.Discovery;

/// <summary>One family of addresses on one interface: each has a group of its own to send to.</summary>
/// <param name="Interface">The system's number of the interface.</param>
/// <param name="Family">IPv4 or IPv6.</param>
internal readonly record struct LanLink(int Interface, AddressFamily Family);
