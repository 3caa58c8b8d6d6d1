using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Peer.Store.Integrity;

/// <summary>A run as it was read from a file that may be damaged.</summary>
/// <param name="First">The arrival number of its first change.</param>
/// <param name="Branch">The number of its branch.</param>
/// <param name="BaseSeq">The number of the change before it.</param>
/// <param name="LastSeq">The number of its last change.</param>
internal sealed record SourceRun(long First, long Branch, ulong BaseSeq, ulong LastSeq)
{
    /// <summary>The head before it.</summary>
    public HeadPrefix BaseHead { get; init; }

    /// <summary>The author's signature.</summary>
    public SignatureBytes Signature { get; init; }

    /// <summary>The bytes of its changes.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Bodies { get; init; } = [];

    /// <summary>What about it can't be read or can't be; nothing if it could be read.</summary>
    public string? Fault { get; init; }

    /// <summary>The arrival number behind its last change.</summary>
    public long End => First + (long)(LastSeq - BaseSeq);

    /// <summary>The run as it would travel.</summary>
    public SignedRun ToSigned(LogId log) => new(log, BaseSeq, BaseHead, Bodies, Signature);
}
