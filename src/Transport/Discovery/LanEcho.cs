namespace Replica.Transport.Discovery;

/// <summary>Whether a packet that this device sent to all on an interface, by IPv4 or IPv6, came back to itself.</summary>
/// <param name="Interface">The interface, with an address of the family.</param>
/// <param name="IsHeard">Whether it did, in the time given.</param>
public sealed record LanEcho(LanInterface Interface, bool IsHeard);
