using Replica.Crdt.Causality;

namespace Replica.Peer.Exchange;

/// <summary>What became of one run.</summary>
/// <param name="At">The first bad change; for a good run the position behind it.</param>
/// <param name="Verdict">The outcome.</param>
/// <param name="Until">For a clock that is ahead: when to ask again, Unix milliseconds.</param>
/// <param name="Detail">What a person may read about it; empty where all is well.</param>
public sealed record RunResult(Position At, RunVerdict Verdict, long? Until, string Detail);
