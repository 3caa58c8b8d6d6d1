namespace Replica.Peer.Net;

/// <summary>Whether a peer holds certain changes.</summary>
/// <param name="Device">Its device key, hex.</param>
/// <param name="Address">Where it is, or was last.</param>
/// <param name="IsConnected">Whether it is connected now; else this is what it said when it was.</param>
/// <param name="HasAll">Whether it said that it holds all of them durably. What it did not say may still be so.</param>
/// <param name="LastHeard">When it last said something.</param>
public sealed record PeerHolding(string Device, string Address, bool IsConnected, bool HasAll, DateTimeOffset LastHeard);
