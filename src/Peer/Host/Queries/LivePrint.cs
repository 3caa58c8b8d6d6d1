using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Replica.Peer.Host.Queries;

/// <summary>Tells whether what shows is what showed before, without keeping it.</summary>
internal static class LivePrint
{
    /// <summary>128 bits of a hash over what shows.</summary>
    public static UInt128 Of(string type, ReadOnlySpan<byte> data, ReadOnlySpan<byte> vector)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> lengths = stackalloc byte[2 * sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(lengths, type.Length);
        BinaryPrimitives.WriteInt32BigEndian(lengths[sizeof(int)..], data.Length);
        hash.AppendData(lengths);
        hash.AppendData(MemoryMarshal.AsBytes(type.AsSpan()));
        hash.AppendData(data);
        hash.AppendData(vector);
        Span<byte> print = stackalloc byte[SHA256.HashSizeInBytes];
        _ = hash.GetHashAndReset(print);
        return BinaryPrimitives.ReadUInt128BigEndian(print);
    }
}
