using System.Net;

namespace Replica.Transport.Discovery;

/// <summary>A packet that the machine wants sent.</summary>
/// <param name="Link">Where it goes out.</param>
/// <param name="To">Whom it is for; null for the multicast group.</param>
/// <param name="Packet">Its bytes.</param>
internal sealed record LanOutput(LanLink Link, IPEndPoint? To, byte[] Packet);
