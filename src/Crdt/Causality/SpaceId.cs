namespace Replica.Crdt.Causality;

/// <summary>The name of a space: the hash of its genesis change. Zero stands for a space that is being founded.</summary>
/// <param name="Value">The 32 bytes.</param>
public readonly record struct SpaceId(Bytes32 Value) : IComparable<SpaceId>
{
    /// <summary>Reads exactly 32 bytes.</summary>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public static SpaceId FromBytes(ReadOnlySpan<byte> bytes) => new(Bytes32.FromBytes(bytes));

    /// <summary>The bytes as a new array.</summary>
    public byte[] ToArray() => Value.ToArray();

    /// <inheritdoc/>
    public int CompareTo(SpaceId other) => Value.CompareTo(other.Value);

    /// <summary>Lower-case hex, 64 digits.</summary>
    public override string ToString() => Value.ToString();
}
