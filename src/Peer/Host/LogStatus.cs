namespace Replica.Peer.Host;

/// <summary>One log as far as it is applied here.</summary>
/// <param name="Log">Its name, hex.</param>
/// <param name="Device">The device key of its author, hex.</param>
/// <param name="Name">The author's display name.</param>
/// <param name="Seq">How many of its changes are here.</param>
/// <param name="IsOwn">Whether this replica writes it.</param>
public sealed record LogStatus(string Log, string Device, string Name, ulong Seq, bool IsOwn);
