namespace Replica.Crdt.Changes;

/// <summary>An Ed25519 signature as bytes; checking it is the caller's.</summary>
/// <param name="Bytes">64 bytes.</param>
public readonly record struct SignatureBytes(ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The size in bytes.</summary>
    public const int Size = 64;

    /// <summary>Equal bytes.</summary>
    public bool Equals(SignatureBytes other) => Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => Bytes.Length >= 4 ? BitConverter.ToInt32(Bytes.Span) : 0;
}
