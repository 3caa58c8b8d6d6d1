using Replica.Crdt.Causality;

namespace Replica.Peer.Store;

/// <summary>A log, or a branch of one, as far as this replica applied it.</summary>
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
    /// <summary>Where the applied part ends.</summary>
    public Position Position => new(Log, Seq, Head.Prefix);
}
