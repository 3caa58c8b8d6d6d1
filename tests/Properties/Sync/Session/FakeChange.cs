using System.Buffers;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Peer.Exchange;

namespace Replica.Tests.Properties.Sync.Session;

/// <summary>A change as the fake store knows it: what it depends on, when it may be applied, what is wrong with it.</summary>
internal sealed record FakeChange(IReadOnlyList<Position> Deps, RunVerdict Fault, long NotBefore, ReadOnlyMemory<byte> Filling)
{
    public byte[] Encode()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(Deps.Count);
        foreach (var dep in Deps)
        {
            PositionCodec.Write(writer, dep);
        }

        writer.Write((long)Fault);
        writer.Write(NotBefore);
        writer.Write(Filling.Span);
        return output.WrittenSpan.ToArray();
    }

    public static FakeChange Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new MessagePackReader(bytes.Span);
        var deps = new Position[reader.ReadArrayHeader(1000)];
        for (var i = 0; i < deps.Length; i++)
        {
            deps[i] = PositionCodec.Read(ref reader);
        }

        return new(deps, (RunVerdict)reader.ReadInt32(99), reader.ReadInt64(), reader.ReadBinary(1 << 21).ToArray());
    }
}
