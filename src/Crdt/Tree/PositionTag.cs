using System.Buffers.Binary;
using System.Security.Cryptography;
using Replica.Crdt.Causality;

namespace Replica.Crdt.Tree;

/// <summary>Six bytes that name the operation which opened a waypoint.</summary>
/// <param name="Value">The bytes as a big-endian number of 48 bits.</param>
public readonly record struct PositionTag(ulong Value)
{
    /// <summary>The size in bytes.</summary>
    public const int Size = 6;

    private const int ValueShift = 16;

    /// <summary>The tag of one operation: the first bytes of a hash over its log, number and index.</summary>
    /// <param name="log">The log.</param>
    /// <param name="seq">The number of its change.</param>
    /// <param name="index">Its place in the change, from 0.</param>
    public static PositionTag Derive(LogId log, ulong seq, int index)
    {
        ReadOnlySpan<byte> label = "pos"u8;
        Span<byte> input = stackalloc byte[label.Length + LogId.Size + sizeof(ulong) + sizeof(int)];
        label.CopyTo(input);
        log.CopyTo(input[label.Length..]);
        BinaryPrimitives.WriteUInt64BigEndian(input[(label.Length + LogId.Size)..], seq);
        BinaryPrimitives.WriteInt32BigEndian(input[(label.Length + LogId.Size + sizeof(ulong))..], index);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(input, hash);
        return FromBytes(hash);
    }

    /// <summary>Reads the tag at the front of <paramref name="bytes"/>.</summary>
    public static PositionTag FromBytes(ReadOnlySpan<byte> bytes)
    {
        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        padded.Clear();
        bytes[..Size].CopyTo(padded);
        return new(BinaryPrimitives.ReadUInt64BigEndian(padded) >> ValueShift);
    }

    /// <summary>Writes the 6 bytes to the front of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination)
    {
        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(padded, Value << ValueShift);
        padded[..Size].CopyTo(destination);
    }

    /// <summary>Lower-case hex, 12 digits.</summary>
    public override string ToString() => Value.ToString("x12");
}
