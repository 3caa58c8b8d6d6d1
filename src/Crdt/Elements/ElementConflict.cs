namespace Replica.Crdt.Elements;

/// <summary>What was written concurrently to one place of an element and not settled by a later write.</summary>
/// <param name="Place">Type, vector or field.</param>
/// <param name="Name">The field's name; else empty.</param>
/// <param name="Shown">What shows; a removal has no value.</param>
/// <param name="Losers">What does not; a later write that has seen it settles it.</param>
public sealed record ElementConflict(ConflictPlace Place, string Name, ConflictEntry Shown, IReadOnlyList<ConflictEntry> Losers);
