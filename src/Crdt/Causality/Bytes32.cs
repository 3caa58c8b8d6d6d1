using System.Buffers.Binary;

namespace Replica.Crdt.Causality;

/// <summary>Thirty-two opaque bytes (a hash or a public key), ordered as bytes. Zero is the empty value.</summary>
/// <param name="High">The first 16 bytes, big-endian.</param>
/// <param name="Low">The last 16 bytes, big-endian.</param>
public readonly record struct Bytes32(UInt128 High, UInt128 Low) : IComparable<Bytes32>
{
    /// <summary>The size in bytes.</summary>
    public const int Size = 32;

    /// <summary>Reads exactly 32 bytes.</summary>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public static Bytes32 FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"{bytes.Length} bytes were given; exactly {Size} are needed.", nameof(bytes));
        }

        return new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]));
    }

    /// <summary>Writes the 32 bytes to the front of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, High);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], Low);
    }

    /// <summary>The bytes as a new array.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public int CompareTo(Bytes32 other) =>
        High == other.High ? Low.CompareTo(other.Low) : High.CompareTo(other.High);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(SeededHash.Of(High), SeededHash.Of(Low));

    /// <summary>Lower-case hex, 64 digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToArray());
}
