namespace Replica.PeerCli.Demo.Peers;

/// <summary>One connection as a peer counts it.</summary>
/// <param name="Name">The other end's address and device: a new connection may have the same.</param>
/// <param name="IsConnected">Whether it is up.</param>
/// <param name="BytesOut">Bytes sent so far on it.</param>
internal readonly record struct Link(string Name, bool IsConnected, long BytesOut);
