using Replica.Crdt.Changes;
using Replica.Crdt.Values;

namespace Replica.Peer.Host;

/// <summary>One operation on an element, with what it found and what it left.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Before">
/// What the writes before it had left of the field, the type (a text) or the parent (a node, or the null value for the top); null for
/// nothing. Of a set it is not kept.
/// </param>
/// <param name="After">What it left; null for nothing, and for a set, a vector, a creation and a deletion.</param>
public readonly record struct HistoryStep(Operation Operation, Value? Before, Value? After);
