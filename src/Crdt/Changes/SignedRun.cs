using Replica.Crdt.Causality;

namespace Replica.Crdt.Changes;

/// <summary>A stretch of one log between two signed heads: the unit of signing, transfer and verification.</summary>
/// <param name="Log">The log.</param>
/// <param name="BaseSeq">The number of the change before the first one here; 0 for a log's first run.</param>
/// <param name="BaseHead">The head there; zero at 0.</param>
/// <param name="Changes">The bytes of 1 to 256 changes, at most 1 MiB in all.</param>
/// <param name="Signature">The author's signature of the head after the last change.</param>
public sealed record SignedRun(
    LogId Log,
    ulong BaseSeq,
    HeadPrefix BaseHead,
    IReadOnlyList<ReadOnlyMemory<byte>> Changes,
    SignatureBytes Signature)
{
    /// <summary>The number of the last change.</summary>
    public ulong LastSeq => BaseSeq + (ulong)Changes.Count;
}
