using Replica.Crdt.Causality;

namespace Replica.Peer.Sync;

/// <summary>What is known of a peer's copy of one log.</summary>
internal sealed class PeerLog
{
    /// <summary>The furthest place that the peer said it holds durably; a zero head is not known.</summary>
    public Position Claim { get; set; }

    /// <summary>The number of the last change that was sent to it; 0 if none or if it has to be sent again.</summary>
    public ulong Sent { get; set; }

    /// <summary>How many digests had been sent when this last moved: tells what is under way from what got lost.</summary>
    public long Mark { get; set; }

    /// <summary>Why the peer does not take it, if so.</summary>
    public SyncRefusal? Refusal { get; set; }

    /// <summary>Whether our copy and the peer's stand on different branches.</summary>
    public bool IsForked { get; set; }

    /// <summary>What was sent and not acknowledged: the end and the bytes of each run, in order.</summary>
    public Queue<(ulong LastSeq, int Bytes)> Unacknowledged { get; } = new();

    /// <summary>Up to where nothing has to be sent.</summary>
    public ulong Has => Math.Max(Claim.Seq, Sent);

    /// <summary>Whether nothing of it may be sent.</summary>
    public bool IsBlocked => IsForked || Refusal is not null;
}
