using System.Net;

namespace Replica.Transport.Discovery;

/// <summary>An address of a network interface on which peers are looked for; an interface with several is there as often.</summary>
/// <param name="Index">The system's number.</param>
/// <param name="Name">The system's name, for people.</param>
/// <param name="Address">Its IPv4 or IPv6 address; a link-local one is without the scope, which is <paramref name="Index"/>.</param>
public sealed record LanInterface(int Index, string Name, IPAddress Address);
