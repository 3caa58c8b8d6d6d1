using System.Buffers.Binary;

namespace Replica.Crdt.Causality;

/// <summary>The first 16 bytes of a chain head: tells the branches of a forked log apart. Zero belongs to the empty log.</summary>
/// <param name="Value">The bytes, big-endian.</param>
public readonly record struct HeadPrefix(UInt128 Value) : IComparable<HeadPrefix>
{
    /// <summary>The size in bytes.</summary>
    public const int Size = 16;

    /// <summary>Reads exactly 16 bytes.</summary>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public static HeadPrefix FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == Size
        ? new(BinaryPrimitives.ReadUInt128BigEndian(bytes))
        : throw new ArgumentException($"{bytes.Length} bytes were given; exactly {Size} are needed.", nameof(bytes));

    /// <summary>Writes the 16 bytes to the front of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    /// <inheritdoc/>
    public int CompareTo(HeadPrefix other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => SeededHash.Of(Value);

    /// <summary>Lower-case hex, 32 digits.</summary>
    public override string ToString() => Value.ToString("x32");
}
