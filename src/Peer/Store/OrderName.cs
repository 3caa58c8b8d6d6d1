using System.Buffers.Binary;
using Replica.Crdt.Causality;

namespace Replica.Peer.Store;

/// <summary>Names one database's order of application, by chance: what its arrival numbers mean, and for how long.</summary>
/// <param name="Value">64 bits.</param>
internal readonly record struct OrderName(ulong Value)
{
    /// <summary>The name that a draw gives.</summary>
    public static OrderName Of(IncarnationNonce draw) => new(draw.Value);

    /// <summary>Reads what <see cref="ToBytes"/> wrote; nothing if these are other bytes.</summary>
    public static OrderName? TryRead(byte[] bytes) =>
        bytes.Length == sizeof(ulong) ? new OrderName(BinaryPrimitives.ReadUInt64BigEndian(bytes)) : null;

    /// <summary>Its bytes in a store.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Value);
        return bytes;
    }
}
