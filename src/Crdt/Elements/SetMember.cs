using Replica.Crdt.Values;

namespace Replica.Crdt.Elements;

/// <summary>A value of a set field with the maximal additions of it.</summary>
/// <param name="Key">Its canonical bytes; members are ordered by them.</param>
/// <param name="Value">The value.</param>
/// <param name="Entries">The additions that no removal has seen; at least one, without values of their own.</param>
public readonly record struct SetMember(ReadOnlyMemory<byte> Key, Value Value, Entry[] Entries)
{
    /// <summary>Whether the set shows the value.</summary>
    public bool IsVisible => Array.Exists(Entries, static entry => entry.IsVisible);

    /// <summary>Equal parts.</summary>
    public bool Equals(SetMember other) => Key.Span.SequenceEqual(other.Key.Span) && Entries.AsSpan().SequenceEqual(other.Entries);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Key.Length, Entries.Length);
}
