using Replica.Crdt.Causality;
using Replica.Crdt.Values;

namespace Replica.Testing.Model;

/// <summary>One register, or all kinds under one name, as the model shows it.</summary>
/// <param name="Shown">The value; nothing if the last entry is a removal or nothing is left.</param>
/// <param name="Conflicts">What was written concurrently and lost, last in stamp order first; a removal has no value.</param>
public sealed record ModelField(Value? Shown, IReadOnlyList<(Dot Dot, int Index, Value? Value)> Conflicts);
