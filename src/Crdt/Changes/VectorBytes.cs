using System.Buffers.Binary;

namespace Replica.Crdt.Changes;

/// <summary>The vector of a node as bytes: 32-bit floats, little-endian, kept bit for bit.</summary>
/// <param name="Bytes">4 for each number, from 1 number to <see cref="LengthMax"/>.</param>
public readonly record struct VectorBytes(ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The most numbers in a vector: its encoded bytes are a value's at most.</summary>
    public const int LengthMax = (Values.ValueLimits.ValueBytesMax / sizeof(float)) - 2;

    /// <summary>How many numbers there are.</summary>
    public int Length => Bytes.Length / sizeof(float);

    /// <summary>The numbers as bytes.</summary>
    /// <exception cref="ArgumentException">There are none or too many.</exception>
    public static VectorBytes From(ReadOnlySpan<float> numbers)
    {
        if (numbers.Length is 0 or > LengthMax)
        {
            throw new ArgumentException($"{numbers.Length} numbers were given; 1 to {LengthMax} are allowed.", nameof(numbers));
        }

        var bytes = new byte[numbers.Length * sizeof(float)];
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), numbers[i]);
        }

        return new(bytes);
    }

    /// <summary>Whether so many bytes are a vector.</summary>
    public static bool IsLength(int bytes) => bytes > 0 && bytes % sizeof(float) == 0 && bytes / sizeof(float) <= LengthMax;

    /// <summary>The numbers.</summary>
    public float[] ToArray()
    {
        var numbers = new float[Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadSingleLittleEndian(Bytes.Span[(i * sizeof(float))..]);
        }

        return numbers;
    }

    /// <summary>Equal bytes.</summary>
    public bool Equals(VectorBytes other) => Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => Bytes.Length >= 4 ? HashCode.Combine(Bytes.Length, BitConverter.ToInt32(Bytes.Span)) : 0;
}
