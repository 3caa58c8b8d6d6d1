using System.Net;

namespace Replica.Transport.Discovery;

/// <summary>A packet that the machine wants sent.</summary>
/// <param name="Interface">The number of the interface on which it goes out.</param>
/// <param name="To">Whom it is for; null for the multicast group.</param>
/// <param name="Packet">Its bytes.</param>
internal sealed record LanOutput(int Interface, IPEndPoint? To, byte[] Packet);
