using Replica.Crdt.Causality;
using Replica.Crdt.Encoding;

namespace Replica.Crdt.Changes;

/// <summary>Positions as <c>[log, seq, head]</c>.</summary>
public static class PositionCodec
{
    /// <summary>Writes one position.</summary>
    public static void Write(MessagePackWriter writer, Position position)
    {
        writer.WriteArrayHeader(3);
        writer.Write(position.Log.Value);
        writer.Write(position.Seq);
        writer.Write(position.Head.Value);
    }

    /// <summary>Takes one position.</summary>
    /// <exception cref="EncodingException">The bytes are none.</exception>
    public static Position Read(ref MessagePackReader reader)
    {
        reader.ReadArrayHeaderExactly(3);
        var log = LogId.FromBytes(reader.ReadBinaryExactly(LogId.Size));
        var seq = reader.ReadUInt64();
        return seq <= ChangeLimits.SeqMax
            ? new(log, seq, HeadPrefix.FromBytes(reader.ReadBinaryExactly(HeadPrefix.Size)))
            : throw reader.Error($"the number {seq} is above what a log can hold");
    }
}
