namespace Replica.Crdt.Causality;

/// <summary>SHA-256 of a change's label and bytes: names the change by content.</summary>
/// <param name="Value">The 32 bytes.</param>
public readonly record struct ChangeHash(Bytes32 Value) : IComparable<ChangeHash>
{
    /// <summary>Reads exactly 32 bytes.</summary>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public static ChangeHash FromBytes(ReadOnlySpan<byte> bytes) => new(Bytes32.FromBytes(bytes));

    /// <summary>The bytes as a new array.</summary>
    public byte[] ToArray() => Value.ToArray();

    /// <inheritdoc/>
    public int CompareTo(ChangeHash other) => Value.CompareTo(other.Value);

    /// <summary>Lower-case hex, 64 digits.</summary>
    public override string ToString() => Value.ToString();
}
