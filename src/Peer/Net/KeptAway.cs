namespace Replica.Peer.Net;

/// <summary>A device that broke the protocol and is let in again only later.</summary>
/// <param name="Device">Its key, hex.</param>
/// <param name="Faults">How often it did so since this process began.</param>
/// <param name="Left">For how long it is kept away.</param>
public sealed record KeptAway(string Device, int Faults, TimeSpan Left);
