using System.Net;

namespace Replica.Transport.Discovery;

/// <summary>Takes a packet that came on a link.</summary>
/// <param name="link">The link.</param>
/// <param name="from">Who sent it.</param>
/// <param name="packet">Its bytes; they are others' after the call.</param>
internal delegate void LanPacketHandler(LanLink link, IPEndPoint from, ReadOnlySpan<byte> packet);
