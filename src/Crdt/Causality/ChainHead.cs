using System.Security.Cryptography;

namespace Replica.Crdt.Causality;

/// <summary>The head of a log's hash chain: head(n) = SHA-256(head(n-1) ‖ change hash n); head(0) is 32 zero bytes.</summary>
/// <param name="Value">The 32 bytes.</param>
public readonly record struct ChainHead(Bytes32 Value)
{
    /// <summary>The head of the empty log.</summary>
    public static ChainHead Empty => default;

    /// <summary>The first 16 bytes, as they stand in a position.</summary>
    public HeadPrefix Prefix => new(Value.High);

    /// <summary>Reads exactly 32 bytes.</summary>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public static ChainHead FromBytes(ReadOnlySpan<byte> bytes) => new(Bytes32.FromBytes(bytes));

    /// <summary>The head after one more change.</summary>
    public ChainHead Append(ChangeHash change)
    {
        Span<byte> input = stackalloc byte[2 * Bytes32.Size];
        Value.CopyTo(input);
        change.Value.CopyTo(input[Bytes32.Size..]);
        Span<byte> output = stackalloc byte[Bytes32.Size];
        _ = SHA256.HashData(input, output);
        return new(Bytes32.FromBytes(output));
    }

    /// <summary>The bytes as a new array.</summary>
    public byte[] ToArray() => Value.ToArray();

    /// <summary>Lower-case hex, 64 digits.</summary>
    public override string ToString() => Value.ToString();
}
