using Replica.Crdt.Values;

namespace Replica.Testing.Model;

/// <summary>One kind of field under a name.</summary>
/// <param name="Shown">What it shows; nothing if it is not alive.</param>
/// <param name="Last">Its last entry in stamp order; nothing if there is none.</param>
/// <param name="Losers">What was written to it concurrently and lost; a removal has no value.</param>
internal sealed record ModelKind(Value? Shown, ModelOperation? Last, IReadOnlyList<(ModelOperation Operation, Value? Value)> Losers);
