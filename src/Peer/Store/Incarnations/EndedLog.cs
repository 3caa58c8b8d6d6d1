using System.Buffers;
using Replica.Crdt.Causality;
using Replica.Crdt.Encoding;

namespace Replica.Peer.Store.Incarnations;

/// <summary>The log that this device wrote last before it had to go on in a new one.</summary>
/// <param name="Log">The log.</param>
/// <param name="Seq">How far it reached here.</param>
/// <param name="Reason">Why it ended.</param>
/// <param name="UnixMilliseconds">When.</param>
internal sealed record EndedLog(LogId Log, ulong Seq, IncarnationReason Reason, long UnixMilliseconds)
{
    /// <summary>Its bytes in a store.</summary>
    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(4);
        writer.Write(Log.ToArray());
        writer.Write(Seq);
        writer.Write((ulong)Reason);
        writer.Write(UnixMilliseconds);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads its bytes.</summary>
    /// <exception cref="EncodingException">They are none.</exception>
    public static EndedLog Read(byte[] bytes)
    {
        var reader = new MessagePackReader(bytes);
        reader.ReadArrayHeaderExactly(4);
        return new(
            LogId.FromBytes(reader.ReadBinaryExactly(LogId.Size)),
            reader.ReadUInt64(),
            (IncarnationReason)reader.ReadInt32(int.MaxValue),
            reader.ReadInt64());
    }
}
