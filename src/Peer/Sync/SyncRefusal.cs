using Replica.Crdt.Causality;
using Replica.Peer.Exchange;

namespace Replica.Peer.Sync;

/// <summary>A log that does not flow from one replica to the other, with what depends on it.</summary>
/// <param name="At">The first change that is not taken; its head is zero where it is not known.</param>
/// <param name="Reason">Why: a hold, a rejection, a gap or a fork.</param>
/// <param name="Until">For a clock that is ahead: when it is asked for again, Unix milliseconds.</param>
/// <param name="Detail">What a person may read about it; empty if the peer refused it.</param>
public sealed record SyncRefusal(Position At, RunVerdict Reason, long? Until, string Detail);
