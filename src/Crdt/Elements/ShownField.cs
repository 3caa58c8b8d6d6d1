using Replica.Crdt.Causality;
using Replica.Crdt.Values;

namespace Replica.Crdt.Elements;

/// <summary>A kind of field that is alive under a name.</summary>
/// <param name="Kind">Which kind.</param>
/// <param name="Value">What it shows: a register's value, a counter's integer, a set as a value of its own kind.</param>
/// <param name="Last">Its last entry in stamp order; of several kinds the one with the last of these shows.</param>
public readonly record struct ShownField(FieldKind Kind, Value Value, Stamp Last);
