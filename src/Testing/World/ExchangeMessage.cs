using System.Buffers;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;

namespace Replica.Testing.World;

/// <summary>
/// The least exchange that brings replicas level: "this is what I have", answered by runs. A closed set; as bytes, so
/// that codecs are on the way.
/// </summary>
internal abstract record ExchangeMessage
{
    private const int PositionsMax = 1024;
    private const int RunsMax = 1024;

    private ExchangeMessage()
    {
    }

    /// <summary>The asker's positions.</summary>
    internal sealed record Have(IReadOnlyList<Position> Positions) : ExchangeMessage;

    /// <summary>Runs that the asker lacked.</summary>
    internal sealed record Runs(IReadOnlyList<SignedRun> Items) : ExchangeMessage;

    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(2);
        switch (this)
        {
            case Have have:
                writer.Write(0UL);
                writer.WriteArrayHeader(have.Positions.Count);
                foreach (var position in have.Positions)
                {
                    PositionCodec.Write(writer, position);
                }

                break;
            case Runs runs:
                writer.Write(1UL);
                writer.WriteArrayHeader(runs.Items.Count);
                foreach (var run in runs.Items)
                {
                    SignedRunCodec.Write(writer, run);
                }

                break;
        }

        return output.WrittenSpan.ToArray();
    }

    public static ExchangeMessage Read(byte[] bytes)
    {
        var reader = new MessagePackReader(bytes);
        reader.ReadArrayHeaderExactly(2);
        if (reader.ReadInt32(1) == 0)
        {
            var positions = new Position[reader.ReadArrayHeader(PositionsMax)];
            for (var i = 0; i < positions.Length; i++)
            {
                positions[i] = PositionCodec.Read(ref reader);
            }

            return new Have(positions);
        }

        var runs = new SignedRun[reader.ReadArrayHeader(RunsMax)];
        for (var i = 0; i < runs.Length; i++)
        {
            runs[i] = SignedRunCodec.Read(ref reader);
        }

        return new Runs(runs);
    }
}
