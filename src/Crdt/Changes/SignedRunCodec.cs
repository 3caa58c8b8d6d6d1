using Replica.Crdt.Causality;
using Replica.Crdt.Encoding;

namespace Replica.Crdt.Changes;

/// <summary>Runs as canonical MessagePack: <c>[log, base seq, base head, [change bytes, …], signature]</c>.</summary>
public static class SignedRunCodec
{
    /// <summary>Writes one run.</summary>
    public static void Write(MessagePackWriter writer, SignedRun run)
    {
        writer.WriteArrayHeader(5);
        writer.Write(run.Log.Value);
        writer.Write(run.BaseSeq);
        writer.Write(run.BaseHead.Value);
        writer.WriteArrayHeader(run.Changes.Count);
        foreach (var change in run.Changes)
        {
            writer.Write(change.Span);
        }

        writer.Write(run.Signature.Bytes.Span);
    }

    /// <summary>Takes one run; its changes are copied out of the input and not looked into.</summary>
    /// <exception cref="EncodingException">The bytes are no run within the limits.</exception>
    public static SignedRun Read(ref MessagePackReader reader)
    {
        reader.ReadArrayHeaderExactly(5);
        var log = LogId.FromBytes(reader.ReadBinaryExactly(LogId.Size));
        var baseSeq = reader.ReadUInt64();
        if (baseSeq > ChangeLimits.SeqMax - ChangeLimits.RunChangesMax)
        {
            throw reader.Error($"the number {baseSeq} is above what a log can hold");
        }

        var baseHead = HeadPrefix.FromBytes(reader.ReadBinaryExactly(HeadPrefix.Size));
        var changes = new ReadOnlyMemory<byte>[reader.ReadArrayHeader(ChangeLimits.RunChangesMax)];
        if (changes.Length == 0)
        {
            throw reader.Error("a run has no change");
        }

        var bytesLeft = ChangeLimits.RunBytesMax;
        for (var i = 0; i < changes.Length; i++)
        {
            changes[i] = reader.ReadBinary(bytesLeft).ToArray();
            bytesLeft -= changes[i].Length;
        }

        return new(log, baseSeq, baseHead, changes, new(reader.ReadBinaryExactly(SignatureBytes.Size).ToArray()));
    }
}
