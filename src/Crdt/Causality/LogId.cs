using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Replica.Crdt.Causality;

/// <summary>The name of a log: what one incarnation of one device wrote in one space. Zero names no log.</summary>
/// <param name="Value">The 16 bytes, big-endian; logs order by them.</param>
public readonly record struct LogId(UInt128 Value) : IComparable<LogId>
{
    /// <summary>The size in bytes.</summary>
    public const int Size = 16;

    /// <summary>Derives the name from the device key and the nonce of the incarnation.</summary>
    /// <param name="author">The device key.</param>
    /// <param name="nonce">Random, drawn anew for each incarnation.</param>
    public static LogId Derive(AuthorKey author, IncarnationNonce nonce)
    {
        ReadOnlySpan<byte> label = "replica/log/1\0"u8;
        Span<byte> input = stackalloc byte[label.Length + Bytes32.Size + IncarnationNonce.Size];
        label.CopyTo(input);
        author.Value.CopyTo(input[label.Length..]);
        nonce.CopyTo(input[(label.Length + Bytes32.Size)..]);
        Span<byte> hash = stackalloc byte[Bytes32.Size];
        _ = SHA256.HashData(input, hash);
        return FromBytes(hash[..Size]);
    }

    /// <summary>Reads exactly 16 bytes.</summary>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public static LogId FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == Size
        ? new(BinaryPrimitives.ReadUInt128BigEndian(bytes))
        : throw new ArgumentException($"{bytes.Length} bytes were given; exactly {Size} are needed.", nameof(bytes));

    /// <summary>Writes the 16 bytes to the front of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    /// <summary>The bytes as a new array.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public int CompareTo(LogId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => SeededHash.Of(Value);

    /// <summary>Lower-case hex, 32 digits.</summary>
    public override string ToString() => Value.ToString("x32");
}
