using System.Buffers;
using System.Diagnostics;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Peer.Exchange;

namespace Replica.Peer.Sync;

/// <summary>Messages of a space as canonical MessagePack: <c>[number, argument, …]</c>. The table is in docs/protocol-sync.md.</summary>
internal static class SyncMessageCodec
{
    /// <summary>Writes one message.</summary>
    /// <param name="output">Where the body goes.</param>
    /// <param name="message">Anything but <see cref="SyncMessage.Ignored"/>.</param>
    /// <param name="isPacked">Whether long <see cref="SyncMessage.Runs"/> go compressed; both sides must have agreed.</param>
    public static void Write(IBufferWriter<byte> output, SyncMessage message, bool isPacked = false)
    {
        if (!isPacked || message is not SyncMessage.Runs runs)
        {
            WritePlain(output, message);
            return;
        }

        var plain = new ArrayBufferWriter<byte>(SyncLimits.PackedSizeMin);
        WritePlain(plain, runs);
        if (!PackedBlock.TryWrite(output, plain.WrittenSpan))
        {
            output.Write(plain.WrittenSpan);
        }
    }

    /// <summary>Reads a whole body; packed runs come out unpacked.</summary>
    /// <exception cref="EncodingException">The bytes are no message within the limits: the peer is at fault.</exception>
    public static SyncMessage Read(ReadOnlyMemory<byte> body)
    {
        if (body.Length > SyncLimits.BodyBytesMax)
        {
            throw new EncodingException($"A message of {body.Length} bytes came; at most {SyncLimits.BodyBytesMax} are allowed.");
        }

        var reader = new MessagePackReader(body.Span);
        var (number, count) = ReadHead(ref reader);
        if (number == SyncMessageNumber.Packed)
        {
            Expect(ref reader, count, 2);
            var unpacked = PackedBlock.Read(ref reader);
            reader.ReadEnd();
            reader = new(unpacked);
            (number, count) = ReadHead(ref reader);
            if (number != SyncMessageNumber.Runs)
            {
                throw reader.Error($"message {number} is packed; only runs may be");
            }
        }
        else if (number >= SyncMessageNumber.IgnorableMin)
        {
            return new SyncMessage.Ignored(number);
        }

        var message = ReadPlain(ref reader, number, count);
        reader.ReadEnd();
        return message;
    }

    private static (int Number, int Count) ReadHead(ref MessagePackReader reader)
    {
        var count = reader.ReadArrayHeader(int.MaxValue);
        return count > 0 ? (reader.ReadInt32(int.MaxValue), count - 1) : throw reader.Error("a message has no number");
    }

    private static SyncMessage ReadPlain(ref MessagePackReader reader, int number, int count)
    {
        switch (number)
        {
            case SyncMessageNumber.Digest:
                Expect(ref reader, count, 1);
                return new SyncMessage.Digest(Bytes32.FromBytes(reader.ReadBinaryExactly(Bytes32.Size)));
            case SyncMessageNumber.Have:
                Expect(ref reader, count, 2);
                return new SyncMessage.Have(ReadPositions(ref reader, 0), reader.ReadBoolean());
            case SyncMessageNumber.Trace:
                Expect(ref reader, count, 2);
                return ReadTrace(ref reader);
            case SyncMessageNumber.Runs:
                Expect(ref reader, count, 1);
                return ReadRuns(ref reader);
            case SyncMessageNumber.Ack:
                Expect(ref reader, count, 1);
                return new SyncMessage.Ack(ReadPositions(ref reader, 1));
            case SyncMessageNumber.Hold:
                Expect(ref reader, count, 5);
                return new SyncMessage.Hold(
                    ReadPlace(ref reader),
                    ReadReason(ref reader, RunVerdict.ClockAhead, RunVerdict.DependencyMissing),
                    reader.TryReadNil() ? null : ReadTime(ref reader));
            case SyncMessageNumber.Reject:
                Expect(ref reader, count, 4);
                return new SyncMessage.Reject(
                    ReadPlace(ref reader), ReadReason(ref reader, RunVerdict.Invalid, RunVerdict.BadAdmission));
            case SyncMessageNumber.Want:
                Expect(ref reader, count, 1);
                return new SyncMessage.Want(ReadPositions(ref reader, 1));
            case SyncMessageNumber.Presence:
                Expect(ref reader, count, 2);
                return new SyncMessage.Presence(
                    reader.ReadBinary(SyncLimits.PresenceBytesMax).ToArray(),
                    TimeSpan.FromMilliseconds(reader.ReadInt32(SyncLimits.PresenceTtlMaxMilliseconds)));
            case SyncMessageNumber.Prune:
                Expect(ref reader, count, 0);
                return new SyncMessage.Prune();
            case SyncMessageNumber.Graft:
                Expect(ref reader, count, 1);
                return new SyncMessage.Graft(ReadPositions(ref reader, 1));
            default:
                throw reader.Error($"message {number} does not belong on a space channel");
        }
    }

    private static void WritePlain(IBufferWriter<byte> output, SyncMessage message)
    {
        var writer = new MessagePackWriter(output);
        switch (message)
        {
            case SyncMessage.Digest digest:
                WriteHead(writer, SyncMessageNumber.Digest, 1);
                writer.Write(digest.Value.ToArray());
                break;
            case SyncMessage.Have have:
                WriteHead(writer, SyncMessageNumber.Have, 2);
                WritePositions(writer, have.Positions);
                writer.Write(have.More);
                break;
            case SyncMessage.Trace trace:
                WriteTrace(writer, trace);
                break;
            case SyncMessage.Runs runs:
                WriteHead(writer, SyncMessageNumber.Runs, 1);
                writer.WriteArrayHeader(runs.Items.Count);
                foreach (var run in runs.Items)
                {
                    SignedRunCodec.Write(writer, run);
                }

                break;
            case SyncMessage.Ack ack:
                WriteHead(writer, SyncMessageNumber.Ack, 1);
                WritePositions(writer, ack.Positions);
                break;
            case SyncMessage.Hold hold:
                WriteRefusal(writer, SyncMessageNumber.Hold, 5, hold.At, hold.Reason);
                WriteTime(writer, hold.Until);
                break;
            case SyncMessage.Reject reject:
                WriteRefusal(writer, SyncMessageNumber.Reject, 4, reject.At, reject.Reason);
                break;
            case SyncMessage.Want want:
                WriteHead(writer, SyncMessageNumber.Want, 1);
                WritePositions(writer, want.Positions);
                break;
            case SyncMessage.Presence presence:
                WriteHead(writer, SyncMessageNumber.Presence, 2);
                writer.Write(presence.Content.Span);
                writer.Write((long)presence.Ttl.TotalMilliseconds);
                break;
            case SyncMessage.Prune:
                WriteHead(writer, SyncMessageNumber.Prune, 0);
                break;
            case SyncMessage.Graft graft:
                WriteHead(writer, SyncMessageNumber.Graft, 1);
                WritePositions(writer, graft.Positions);
                break;
            default:
                throw new UnreachableException($"No form for {message}.");
        }
    }

    private static void WriteHead(MessagePackWriter writer, int number, int count)
    {
        writer.WriteArrayHeader(count + 1);
        writer.Write((long)number);
    }

    private static void WritePositions(MessagePackWriter writer, IReadOnlyList<Position> positions)
    {
        writer.WriteArrayHeader(positions.Count);
        foreach (var position in positions)
        {
            PositionCodec.Write(writer, position);
        }
    }

    private static void WriteTrace(MessagePackWriter writer, SyncMessage.Trace trace)
    {
        WriteHead(writer, SyncMessageNumber.Trace, 2);
        writer.Write(trace.Log.Value);
        writer.WriteArrayHeader(trace.Places.Count);
        foreach (var place in trace.Places)
        {
            writer.WriteArrayHeader(2);
            writer.Write(place.Seq);
            writer.Write(place.Head.Value);
        }
    }

    private static void WriteRefusal(MessagePackWriter writer, int number, int count, Position at, RunVerdict reason)
    {
        WriteHead(writer, number, count);
        writer.Write(at.Log.Value);
        writer.Write(at.Seq);
        writer.Write(at.Head.Value);
        writer.Write((long)reason);
    }

    private static void WriteTime(MessagePackWriter writer, long? time)
    {
        if (time is { } known)
        {
            writer.Write(known);
        }
        else
        {
            writer.WriteNil();
        }
    }

    private static void Expect(ref MessagePackReader reader, int count, int due)
    {
        if (count != due)
        {
            throw reader.Error($"{count} arguments follow the number; {due} are due");
        }
    }

    private static Position[] ReadPositions(ref MessagePackReader reader, int countMin)
    {
        var positions = new Position[reader.ReadArrayHeader(SyncLimits.PositionsMax)];
        if (positions.Length < countMin)
        {
            throw reader.Error("the list of positions is empty");
        }

        for (var i = 0; i < positions.Length; i++)
        {
            positions[i] = PositionCodec.Read(ref reader);
            if (positions[i].Seq == 0 && positions[i].Head != default)
            {
                throw reader.Error("an empty log has a head");
            }

            if (i > 0 && positions[i - 1].CompareTo(positions[i]) >= 0)
            {
                throw reader.Error("positions do not ascend");
            }
        }

        return positions;
    }

    private static SyncMessage.Trace ReadTrace(ref MessagePackReader reader)
    {
        var log = LogId.FromBytes(reader.ReadBinaryExactly(LogId.Size));
        var places = new Position[reader.ReadArrayHeader(SyncLimits.TracePlacesMax)];
        for (var i = 0; i < places.Length; i++)
        {
            reader.ReadArrayHeaderExactly(2);
            places[i] = new(log, ReadSeq(ref reader), HeadPrefix.FromBytes(reader.ReadBinaryExactly(HeadPrefix.Size)));
            if (i > 0 && places[i - 1].Seq <= places[i].Seq)
            {
                throw reader.Error("places do not descend");
            }
        }

        return places.Length > 0 && places[^1] == new Position(log, 0, default)
            ? new(log, places)
            : throw reader.Error("the places do not end in the empty log");
    }

    private static SyncMessage.Runs ReadRuns(ref MessagePackReader reader)
    {
        var count = reader.ReadArrayHeader(SyncLimits.RunsMax);
        if (count == 0)
        {
            throw reader.Error("the list of runs is empty");
        }

        // A run takes a hundred bytes at least, a count takes three: the list grows with what was read.
        var runs = new List<SignedRun>();
        for (var i = 0; i < count; i++)
        {
            runs.Add(SignedRunCodec.Read(ref reader));
        }

        return new(runs);
    }

    private static Position ReadPlace(ref MessagePackReader reader)
    {
        var log = LogId.FromBytes(reader.ReadBinaryExactly(LogId.Size));
        return new(log, ReadSeq(ref reader), HeadPrefix.FromBytes(reader.ReadBinaryExactly(HeadPrefix.Size)));
    }

    private static ulong ReadSeq(ref MessagePackReader reader)
    {
        var seq = reader.ReadUInt64();
        return seq <= ChangeLimits.SeqMax ? seq : throw reader.Error($"the number {seq} is above what a log can hold");
    }

    private static RunVerdict ReadReason(ref MessagePackReader reader, RunVerdict least, RunVerdict greatest)
    {
        var reason = (RunVerdict)reader.ReadInt32((int)greatest);
        return reason >= least ? reason : throw reader.Error($"{(int)reason} is no reason for this");
    }

    private static long ReadTime(ref MessagePackReader reader)
    {
        var time = reader.ReadUInt64();
        return time <= long.MaxValue ? (long)time : throw reader.Error($"the time {time} is above 2^63 - 1");
    }
}
