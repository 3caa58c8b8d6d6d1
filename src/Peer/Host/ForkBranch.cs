namespace Replica.Peer.Host;

/// <summary>The end of a branch of a forked log.</summary>
/// <param name="Seq">How many changes lie up to there.</param>
/// <param name="Head">The chain head there, hex, 32 digits.</param>
public sealed record ForkBranch(ulong Seq, string Head);
