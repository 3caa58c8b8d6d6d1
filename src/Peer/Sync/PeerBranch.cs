using Replica.Crdt.Causality;

namespace Replica.Peer.Sync;

/// <summary>What is known of a peer's copy of one branch that is here.</summary>
/// <param name="log">Its log.</param>
internal sealed class PeerBranch(LogId log)
{
    /// <summary>Its log.</summary>
    public LogId Log { get; } = log;

    /// <summary>The furthest place on it that the peer said it holds durably; a number of 0 for none.</summary>
    public Position Claim { get; set; } = new(log, 0, default);

    /// <summary>The number of the last change that was sent to it; 0 if none or if it has to be sent again.</summary>
    public ulong Sent { get; set; }

    /// <summary>How many digests had been sent when this last moved: tells what is under way from what got lost.</summary>
    public long Mark { get; set; }

    /// <summary>Why the peer does not take it, if so.</summary>
    public SyncRefusal? Refusal { get; set; }

    /// <summary>What was sent and not acknowledged: the end and the bytes of each run, in order.</summary>
    public Queue<(Position End, int Bytes)> Unacknowledged { get; } = new();

    /// <summary>Up to where nothing has to be sent.</summary>
    public ulong Has => Math.Max(Claim.Seq, Sent);
}
