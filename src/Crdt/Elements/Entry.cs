using Replica.Crdt.Causality;
using Replica.Crdt.Values;

namespace Replica.Crdt.Elements;

/// <summary>A maximal operation on an element or on one of its registers, with the deletes that cover it.</summary>
/// <param name="Stamp">The operation.</param>
/// <param name="Value">What it set; nothing for a removal, and for an entry that has no content.</param>
/// <param name="Marks">The minimal effective deletes that cover it; empty while it is shown.</param>
public readonly record struct Entry(Stamp Stamp, Value? Value, Stamp[] Marks)
{
    /// <summary>Whether no effective delete covers the entry.</summary>
    public bool IsVisible => Marks.Length == 0;

    /// <summary>Equal parts; marks in the same order.</summary>
    public bool Equals(Entry other) =>
        Stamp == other.Stamp && Value == other.Value && Marks.AsSpan().SequenceEqual(other.Marks);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Stamp, Marks.Length);
}
