using Replica.Crdt.Causality;

namespace Replica.Peer.Store;

/// <summary>What a change with deps added to the closed context of its log.</summary>
/// <param name="Branch">The branch of the change.</param>
/// <param name="Seq">The change's number.</param>
/// <param name="IsFull">Whether the entries are the whole context, so that no earlier row is needed.</param>
/// <param name="Entries">How far each other branch is covered, where that grew; everything if full.</param>
internal sealed record ContextRow(
    BranchId Branch, ulong Seq, bool IsFull, IReadOnlyList<KeyValuePair<BranchId, ulong>> Entries);
