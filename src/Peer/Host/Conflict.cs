using Replica.Crdt.Changes;
using Replica.Crdt.Elements;

namespace Replica.Peer.Host;

/// <summary>What was written concurrently and is not settled. Nothing is lost by it: one write shows, the others are here.</summary>
/// <param name="Target">The node or edge; for a relation the node that its edges leave.</param>
/// <param name="Place">What of it.</param>
/// <param name="Name">The field's name, or the relation; else empty.</param>
/// <param name="Shown">What shows; nothing for a node that no move placed anywhere.</param>
/// <param name="Losers">What does not, last in stamp order first. A new write settles them: see <see cref="Mutation.Resolve"/>.</param>
public sealed record Conflict(
    Target Target, ConflictPlace Place, string Name, ConflictingWrite? Shown, IReadOnlyList<ConflictingWrite> Losers);
