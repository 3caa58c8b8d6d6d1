using System.Net;

namespace Replica.Transport.Discovery;

/// <summary>A network interface on which peers are looked for.</summary>
/// <param name="Index">The system's number.</param>
/// <param name="Name">The system's name, for people.</param>
/// <param name="Address">Its IPv4 address.</param>
public sealed record LanInterface(int Index, string Name, IPAddress Address);
