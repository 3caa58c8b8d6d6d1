using Replica.Crdt.Causality;

namespace Replica.Peer.Store;

/// <summary>A log, or a branch of one, as far as this replica applied it.</summary>
/// <remarks>
/// Of a forked log the branch that was known first holds the common part; another one holds only what lies beyond its
/// <see cref="Fork"/>. So what was kept before a fork was known stays true after it.
/// </remarks>
/// <param name="Branch">Its local number.</param>
/// <param name="Log">Its name on the wire; branches of one log share it.</param>
/// <param name="Author">The device that writes it.</param>
/// <param name="Name">The author's display name.</param>
/// <param name="Seq">The number of the last applied change.</param>
/// <param name="Head">The chain head there.</param>
/// <param name="Time">The stamp of the last applied change.</param>
internal sealed record LogRow(
    BranchId Branch, LogId Log, AuthorKey Author, string Name, ulong Seq, ChainHead Head, HybridTimestamp Time)
{
    /// <summary>Where it leaves an older chain; nothing for the branch of its log that was known first.</summary>
    public ForkPoint? Fork { get; init; }

    /// <summary>The number behind which its own changes begin.</summary>
    public ulong BaseSeq => Fork?.Seq ?? 0;

    /// <summary>Whether a number is that of the first change behind the fork.</summary>
    public bool IsFirst(ulong seq) => Fork is { } fork && seq == fork.Seq + 1;

    /// <summary>Where the applied part ends.</summary>
    public Position Position => new(Log, Seq, Head.Prefix);
}
