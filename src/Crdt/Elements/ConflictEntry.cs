using Replica.Crdt.Causality;
using Replica.Crdt.Values;

namespace Replica.Crdt.Elements;

/// <summary>One of several things written concurrently.</summary>
/// <param name="Kind">The kind of field; a register for types and vectors.</param>
/// <param name="Value">What it shows or would show; nothing for a removal.</param>
/// <param name="Stamp">The operation; of a counter or set that lost as a whole, the last one on it.</param>
public readonly record struct ConflictEntry(FieldKind Kind, Value? Value, Stamp Stamp);
