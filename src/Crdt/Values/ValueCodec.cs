using System.Buffers;
using System.Buffers.Binary;
using Replica.Crdt.Causality;
using Replica.Crdt.Encoding;

namespace Replica.Crdt.Values;

/// <summary>Values as canonical MessagePack. Timestamps are extension -1, node references extension 1.</summary>
public static class ValueCodec
{
    private const sbyte TimestampExtension = -1;
    private const sbyte ReferenceExtension = 1;
    private const long Seconds34Max = (1L << 34) - 1;

    /// <summary>Room made for items that are only announced: every level of a hostile value could announce all its bytes.</summary>
    private const int UnverifiedItemsMax = 64;

    /// <summary>Writes one value.</summary>
    /// <exception cref="EncodingException">
    /// A text in it can't be written as UTF-8, it nests too deep, or a reference in it has no or too many bytes. Its
    /// length as a whole is the caller's to check.
    /// </exception>
    public static void Write(MessagePackWriter writer, Value value) => Write(writer, value, 1);

    /// <summary>The canonical bytes of a value.</summary>
    /// <exception cref="EncodingException">As for writing.</exception>
    public static byte[] ToBytes(Value value)
    {
        var buffer = new ArrayBufferWriter<byte>(16);
        Write(new MessagePackWriter(buffer), value);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(MessagePackWriter writer, Value value, int level)
    {
        switch (value.Kind)
        {
            case ValueKind.Null:
                writer.WriteNil();
                break;
            case ValueKind.Boolean:
                writer.Write(value.AsBoolean());
                break;
            case ValueKind.Integer:
                writer.Write(value.AsInteger());
                break;
            case ValueKind.Double:
                writer.Write(value.AsDouble());
                break;
            case ValueKind.String:
                writer.Write(value.AsString());
                break;
            case ValueKind.Bytes:
                writer.Write(value.AsBytes().Span);
                break;
            case ValueKind.Timestamp:
                WriteTimestamp(writer, value.AsTimestamp());
                break;
            case ValueKind.NodeReference:
                WriteReference(writer, value.AsNodeReference());
                break;
            case ValueKind.Array:
                CheckLevel(level);
                writer.WriteArrayHeader(value.AsArray().Count);
                foreach (var item in value.AsArray())
                {
                    Write(writer, item, level + 1);
                }

                break;
            case ValueKind.Map:
                CheckLevel(level);
                writer.WriteMapHeader(value.AsMap().Count);
                foreach (var (name, item) in value.AsMap())
                {
                    writer.Write(name);
                    Write(writer, item, level + 1);
                }

                break;
            case ValueKind.Set:
                throw new EncodingException("A set field is no value: add values to it and remove them one by one.");
            case ValueKind.Counter:
                throw new EncodingException("A counter is no value: set it or add to it.");
        }
    }

    /// <summary>Takes one value within the limits of the format.</summary>
    /// <exception cref="EncodingException">The bytes are no canonical value, or it is too long or too deep.</exception>
    public static Value Read(ref MessagePackReader reader)
    {
        var start = reader.Consumed;
        var value = Read(ref reader, 1);
        return reader.Consumed - start <= ValueLimits.ValueBytesMax
            ? value
            : throw reader.Error($"a value takes {reader.Consumed - start} bytes; at most {ValueLimits.ValueBytesMax} are allowed");
    }

    private static Value Read(ref MessagePackReader reader, int level)
    {
        switch (reader.NextType())
        {
            case MessagePackType.Nil:
                _ = reader.TryReadNil();
                return Value.Null;
            case MessagePackType.Boolean:
                return Value.From(reader.ReadBoolean());
            case MessagePackType.Integer:
                return Value.From(reader.ReadInt64());
            case MessagePackType.Float:
                return Value.From(reader.ReadDouble());
            case MessagePackType.String:
                return Value.From(reader.ReadString(ValueLimits.ValueBytesMax));
            case MessagePackType.Binary:
                return Value.From(reader.ReadBinary(ValueLimits.ValueBytesMax).ToArray());
            case MessagePackType.Extension:
                return ReadExtension(ref reader);
            case MessagePackType.Array:
                CheckLevel(reader, level);
                var count = reader.ReadArrayHeader(ValueLimits.ValueBytesMax);
                var items = new List<Value>(Math.Min(count, UnverifiedItemsMax));
                for (var i = 0; i < count; i++)
                {
                    items.Add(Read(ref reader, level + 1));
                }

                return Value.From(items);
            default:
                CheckLevel(reader, level);
                return ReadMap(ref reader, level);
        }
    }

    private static Value ReadMap(ref MessagePackReader reader, int level)
    {
        var count = reader.ReadMapHeader(ValueLimits.ValueBytesMax);
        var pairs = new List<KeyValuePair<string, Value>>(Math.Min(count, UnverifiedItemsMax));
        for (var i = 0; i < count; i++)
        {
            var name = reader.ReadString(ValueLimits.ValueBytesMax);
            if (i > 0 && Utf8Order.Instance.Compare(pairs[i - 1].Key, name) >= 0)
            {
                throw reader.Error("the names of a map are not strictly ascending");
            }

            pairs.Add(new(name, Read(ref reader, level + 1)));
        }

        return Value.From((IEnumerable<KeyValuePair<string, Value>>)pairs);
    }

    private static void CheckLevel(in MessagePackReader reader, int level)
    {
        if (level > ValueLimits.LevelsMax)
        {
            throw reader.Error($"arrays and maps nest deeper than {ValueLimits.LevelsMax} levels");
        }
    }

    private static Value ReadExtension(ref MessagePackReader reader)
    {
        var bytes = reader.ReadExtension(ValueLimits.IdBytesMax, out var type);
        switch (type)
        {
            case TimestampExtension:
                var instant = ReadTimestamp(bytes)
                    ?? throw reader.Error("a timestamp is not in its shortest form or its nanoseconds are above 999,999,999");
                return Value.From(instant);
            case ReferenceExtension:
                if (bytes.IsEmpty || !System.Text.Unicode.Utf8.IsValid(bytes))
                {
                    throw reader.Error("a node reference is empty or not valid UTF-8");
                }

                return Value.Reference(System.Text.Encoding.UTF8.GetString(bytes));
            default:
                throw reader.Error($"extension {type} is unknown; -1 (timestamp) and 1 (node reference) are allowed");
        }
    }

    private static void CheckLevel(int level)
    {
        if (level > ValueLimits.LevelsMax)
        {
            throw new EncodingException($"Arrays and maps nest deeper than {ValueLimits.LevelsMax} levels; flatten the value.");
        }
    }

    private static void WriteReference(MessagePackWriter writer, string id)
    {
        Span<byte> bytes = stackalloc byte[ValueLimits.IdBytesMax];
        var status = System.Text.Unicode.Utf8.FromUtf16(id, bytes, out _, out var written, replaceInvalidSequences: false);
        if (status != OperationStatus.Done || written == 0)
        {
            throw new EncodingException(
                $"A node reference must have 1 to {ValueLimits.IdBytesMax} UTF-8 bytes and no half of a surrogate pair.");
        }

        writer.WriteExtension(ReferenceExtension, bytes[..written]);
    }

    private static void WriteTimestamp(MessagePackWriter writer, Instant instant)
    {
        Span<byte> bytes = stackalloc byte[12];
        if (instant.Nanoseconds == 0 && instant.Seconds is >= 0 and <= uint.MaxValue)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)instant.Seconds);
            writer.WriteExtension(TimestampExtension, bytes[..4]);
        }
        else if (instant.Seconds is >= 0 and <= Seconds34Max)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, ((ulong)instant.Nanoseconds << 34) | (ulong)instant.Seconds);
            writer.WriteExtension(TimestampExtension, bytes[..8]);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)instant.Nanoseconds);
            BinaryPrimitives.WriteInt64BigEndian(bytes[4..], instant.Seconds);
            writer.WriteExtension(TimestampExtension, bytes);
        }
    }

    private static Instant? ReadTimestamp(ReadOnlySpan<byte> bytes)
    {
        switch (bytes.Length)
        {
            case 4:
                return new(BinaryPrimitives.ReadUInt32BigEndian(bytes), 0);
            case 8:
                var both = BinaryPrimitives.ReadUInt64BigEndian(bytes);
                var (nanoseconds, seconds) = (both >> 34, (long)(both & (ulong)Seconds34Max));
                return nanoseconds < Instant.NanosecondsPerSecond && (nanoseconds > 0 || seconds > uint.MaxValue)
                    ? new(seconds, (int)nanoseconds)
                    : null;
            case 12:
                var rest = BinaryPrimitives.ReadUInt32BigEndian(bytes);
                var whole = BinaryPrimitives.ReadInt64BigEndian(bytes[4..]);
                return rest < Instant.NanosecondsPerSecond && whole is < 0 or > Seconds34Max ? new(whole, (int)rest) : null;
            default:
                return null;
        }
    }
}
