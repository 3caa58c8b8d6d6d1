namespace Replica.Peer.Store.Integrity;

/// <summary>What a backup holds.</summary>
/// <param name="File">Where it is.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="HasKeys">Whether the device key and the space's secret are in it, sealed under a passphrase.</param>
public sealed record BackupSummary(string File, long Bytes, bool HasKeys);
