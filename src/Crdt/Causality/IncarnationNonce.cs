using System.Buffers.Binary;

namespace Replica.Crdt.Causality;

/// <summary>Eight random bytes that tell the incarnations of one device apart.</summary>
/// <param name="Value">The bytes, big-endian.</param>
public readonly record struct IncarnationNonce(ulong Value)
{
    /// <summary>The size in bytes.</summary>
    public const int Size = 8;

    /// <summary>Reads exactly 8 bytes.</summary>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public static IncarnationNonce FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == Size
        ? new(BinaryPrimitives.ReadUInt64BigEndian(bytes))
        : throw new ArgumentException($"{bytes.Length} bytes were given; exactly {Size} are needed.", nameof(bytes));

    /// <summary>Writes the 8 bytes to the front of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt64BigEndian(destination, Value);

    /// <summary>Lower-case hex, 16 digits.</summary>
    public override string ToString() => Value.ToString("x16");
}
