using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;

namespace Replica.Peer.Sync;

/// <summary>What two replicas say to each other about one space. The set is closed; numbers stand in <see cref="SyncMessageNumber"/>.</summary>
internal abstract record SyncMessage
{
    private SyncMessage()
    {
    }

    /// <summary>A hash of all my durable positions; answered by <see cref="Have"/> if yours differ.</summary>
    public sealed record Digest(Bytes32 Value) : SyncMessage;

    /// <summary>My durable positions, ascending, in parts.</summary>
    /// <param name="Positions">At most <see cref="SyncLimits.PositionsMax"/>; what is not listed after the first answer says nothing.</param>
    /// <param name="More">Whether another part follows.</param>
    public sealed record Have(IReadOnlyList<Position> Positions, bool More) : SyncMessage;

    /// <summary>Our copies of a log stand on different branches: places on mine, newest first, ending in the empty log.</summary>
    /// <param name="Log">The log.</param>
    /// <param name="Places">1 to 64 positions of that log, descending.</param>
    public sealed record Trace(LogId Log, IReadOnlyList<Position> Places) : SyncMessage;

    /// <summary>Runs that the other lacks, in the sender's order of application; at least one.</summary>
    public sealed record Runs(IReadOnlyList<SignedRun> Items) : SyncMessage;

    /// <summary>Durably applied up to here; at least one, ascending.</summary>
    public sealed record Ack(IReadOnlyList<Position> Positions) : SyncMessage;

    /// <summary>Not applied yet; asked for again by <see cref="Want"/>.</summary>
    /// <param name="At">The first change that can't be applied; its head is zero where it is not known.</param>
    /// <param name="Reason">Clock ahead, newer version or dependency missing.</param>
    /// <param name="Until">When it will be asked for again, Unix milliseconds, if known.</param>
    public sealed record Hold(Position At, RunVerdict Reason, long? Until) : SyncMessage;

    /// <summary>Never to be applied.</summary>
    /// <param name="At">The first bad change; its head is zero where it is not known.</param>
    /// <param name="Reason">Invalid, not a writer or bad admission.</param>
    public sealed record Reject(Position At, RunVerdict Reason) : SyncMessage;

    /// <summary>Stream me these logs from here on, whatever was said before; at least one, ascending.</summary>
    public sealed record Want(IReadOnlyList<Position> Positions) : SyncMessage;

    /// <summary>Something that lives only as long as the session, from its device. Not forwarded.</summary>
    /// <param name="Content">At most 4 KiB.</param>
    /// <param name="Ttl">How long it holds, 0 to 60 s.</param>
    public sealed record Presence(ReadOnlyMemory<byte> Content, TimeSpan Ttl) : SyncMessage;

    /// <summary>Push no more changes to me, announce them: I get them from another. The sender does the same from here on.</summary>
    public sealed record Prune : SyncMessage;

    /// <summary>Push changes to me again, of these logs from here on; the sender does the same. At least one, ascending.</summary>
    public sealed record Graft(IReadOnlyList<Position> Positions) : SyncMessage;

    /// <summary>A message of a newer minor version, which is let pass.</summary>
    public sealed record Ignored(int Number) : SyncMessage;
}
