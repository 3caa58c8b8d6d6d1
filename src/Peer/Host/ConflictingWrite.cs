using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Crdt.Values;

namespace Replica.Peer.Host;

/// <summary>One of several concurrent writes, with who made it and when.</summary>
/// <param name="Kind">The kind of field; a register for types, vectors and relations.</param>
/// <param name="Value">
/// What it shows or would show; nothing for a removal, an edge, and the top of the tree. A vector is its bytes, a move a
/// reference to the parent.
/// </param>
/// <param name="Edge">The edge, in a to-one relation.</param>
/// <param name="Author">The device that wrote it.</param>
/// <param name="AuthorName">The display name of its log.</param>
/// <param name="Change">The change that holds it.</param>
/// <param name="Index">The operation's place in the change.</param>
/// <param name="Time">The stamp of the change.</param>
public sealed record ConflictingWrite(
    FieldKind Kind,
    Value? Value,
    Target.Edge? Edge,
    AuthorKey Author,
    string AuthorName,
    Dot Change,
    int Index,
    HybridTimestamp Time);
