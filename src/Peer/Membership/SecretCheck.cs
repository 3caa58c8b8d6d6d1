using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Replica.Peer.Membership;

/// <summary>The first 16 bytes of a hash of a space secret: a ticket's holder recognises the secret by it.</summary>
/// <param name="Value">The 16 bytes, big-endian.</param>
public readonly record struct SecretCheck(UInt128 Value)
{
    /// <summary>The size in bytes.</summary>
    public const int Size = 16;

    /// <summary>Reads exactly 16 bytes.</summary>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public static SecretCheck FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == Size
        ? new(BinaryPrimitives.ReadUInt128BigEndian(bytes))
        : throw new ArgumentException($"{bytes.Length} bytes were given; exactly {Size} are needed.", nameof(bytes));

    /// <summary>Whether both are the same, in a time that does not depend on where they differ.</summary>
    public bool FixedTimeEquals(SecretCheck other)
    {
        Span<byte> mine = stackalloc byte[Size];
        Span<byte> theirs = stackalloc byte[Size];
        BinaryPrimitives.WriteUInt128BigEndian(mine, Value);
        BinaryPrimitives.WriteUInt128BigEndian(theirs, other.Value);
        return CryptographicOperations.FixedTimeEquals(mine, theirs);
    }

    /// <summary>32 hex digits.</summary>
    public override string ToString() => Value.ToString("x32");
}
