namespace Replica.Peer.Net;

/// <summary>What a device says of itself for a while; it lives in memory alone and goes no further than its neighbours.</summary>
/// <param name="Device">The device's key, hex.</param>
/// <param name="Content">At most 4 KiB, as the application wrote it; empty once it is over.</param>
/// <param name="Left">How long it still holds; zero once it is over.</param>
public sealed record PresenceEntry(string Device, ReadOnlyMemory<byte> Content, TimeSpan Left);
