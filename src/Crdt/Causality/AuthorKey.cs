namespace Replica.Crdt.Causality;

/// <summary>The Ed25519 public key of the device that writes a log; to this room only 32 bytes.</summary>
/// <param name="Value">The 32 bytes.</param>
public readonly record struct AuthorKey(Bytes32 Value) : IComparable<AuthorKey>
{
    /// <summary>Reads exactly 32 bytes.</summary>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public static AuthorKey FromBytes(ReadOnlySpan<byte> bytes) => new(Bytes32.FromBytes(bytes));

    /// <summary>The bytes as a new array.</summary>
    public byte[] ToArray() => Value.ToArray();

    /// <inheritdoc/>
    public int CompareTo(AuthorKey other) => Value.CompareTo(other.Value);

    /// <summary>Lower-case hex, 64 digits.</summary>
    public override string ToString() => Value.ToString();
}
