namespace Replica.PeerCli.Demo.Peers;

/// <summary>A canonical state in short: equal for equal bytes.</summary>
/// <param name="Sha256">Its hash, hex.</param>
/// <param name="Bytes">Its length.</param>
internal readonly record struct StateDigest(string Sha256, long Bytes);
