using System.Buffers.Binary;
using System.Text;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;

namespace Replica.Testing.Vectors;

/// <summary>
/// A second reader of MessagePack, which takes every well-formed encoding, to tell what a strict refusal means: that the
/// bytes are broken, that they are longer than need be, or that the format has no such thing.
/// </summary>
internal ref struct LooseEncoding(ReadOnlySpan<byte> bytes)
{
    private const int DepthMax = 200;
    private const int ShownCharsMax = 80;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    /// <summary>What stands in the bytes that format 1 has no place for; nothing if it has one for all.</summary>
    public string? Outside { get; private set; }

    /// <summary>Reads bytes as one value.</summary>
    /// <returns>The value, as far as format 1 can say it, and what it can't say.</returns>
    /// <exception cref="VectorException">The bytes are no MessagePack.</exception>
    public static (Value Value, string? Outside) Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new LooseEncoding(bytes);
        var value = reader.Item(0);
        return reader._at == bytes.Length ? (value, reader.Outside) : throw new VectorException("bytes follow the value.");
    }

    /// <summary>The one encoding that format 1 has for a value; nothing for a value that is too large for it.</summary>
    public static byte[]? Canonical(Value value)
    {
        try
        {
            return ValueCodec.ToBytes(value) is { Length: <= ValueLimits.ValueBytesMax } bytes ? bytes : null;
        }
        catch (Exception fault) when (fault is EncodingException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>A value in a message, cut where it is long.</summary>
    public static string Show(Value? value) => value?.ToString() switch
    {
        null => "nothing",
        { Length: > ShownCharsMax } text => text[..ShownCharsMax] + "…",
        var text => text,
    };

    private Value Item(int depth)
    {
        if (depth > DepthMax)
        {
            _at = _bytes.Length;
            return Not("more than 32 levels");
        }

        var code = Take(1)[0];
        return code switch
        {
            < 0x80 => Value.From((long)code),
            < 0x90 => Map(code & 0x0f, depth),
            < 0xa0 => Array(code & 0x0f, depth),
            < 0xc0 => Text(code & 0x1f),
            0xc0 => Value.Null,
            0xc2 or 0xc3 => Value.From(code == 0xc3),
            >= 0xc4 and <= 0xc6 => Value.From(Take(Number(1 << (code - 0xc4))).ToArray()),
            >= 0xc7 and <= 0xc9 => Extension(Number(1 << (code - 0xc7))),
            0xca => Single(BinaryPrimitives.ReadSingleBigEndian(Take(4))),
            0xcb => Double(BinaryPrimitives.ReadUInt64BigEndian(Take(8))),
            >= 0xcc and <= 0xcf => Unsigned(Number(1 << (code - 0xcc))),
            0xd0 => Value.From((long)unchecked((sbyte)Take(1)[0])),
            0xd1 => Value.From((long)BinaryPrimitives.ReadInt16BigEndian(Take(2))),
            0xd2 => Value.From((long)BinaryPrimitives.ReadInt32BigEndian(Take(4))),
            0xd3 => Value.From(BinaryPrimitives.ReadInt64BigEndian(Take(8))),
            >= 0xd4 and <= 0xd8 => Extension(1UL << (code - 0xd4)),
            >= 0xd9 and <= 0xdb => Text(Number(1 << (code - 0xd9))),
            0xdc or 0xdd => Array(Number(code == 0xdc ? 2 : 4), depth),
            0xde or 0xdf => Map(Number(code == 0xde ? 2 : 4), depth),
            >= 0xe0 => Value.From((long)unchecked((sbyte)code)),
            _ => throw new VectorException("the byte c1 is reserved."),
        };
    }

    private Value Array(ulong count, int depth)
    {
        var items = new List<Value>();
        for (var left = Counted(count); left > 0; left--)
        {
            items.Add(Item(depth + 1));
        }

        return Value.From(items);
    }

    private Value Array(int count, int depth) => Array((ulong)count, depth);

    private Value Map(int count, int depth) => Map((ulong)count, depth);

    private Value Map(ulong count, int depth)
    {
        var pairs = new Dictionary<string, Value>(StringComparer.Ordinal);
        for (var left = Counted(count); left > 0; left--)
        {
            var name = Item(depth + 1);
            var value = Item(depth + 1);
            if (name.Kind != ValueKind.String)
            {
                _ = Not("a name in a map that is no text");
            }
            else if (!pairs.TryAdd(name.AsString(), value))
            {
                throw new VectorException("a name stands twice in a map.");
            }
        }

        return Value.From(pairs);
    }

    private Value Text(int length) => Text((ulong)length);

    private Value Text(ulong length)
    {
        try
        {
            return Value.From(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Take(length)));
        }
        catch (DecoderFallbackException)
        {
            throw new VectorException("a text is not valid UTF-8.");
        }
    }

    private Value Single(float value)
    {
        _ = Not("a 32-bit float");
        return Value.From((double)value);
    }

    private Value Double(ulong bits)
    {
        var value = BitConverter.UInt64BitsToDouble(bits);
        return double.IsNaN(value) && bits != 0x7ff8000000000000 ? Not("another NaN than the one") : Value.From(value);
    }

    private Value Unsigned(ulong value) => value <= long.MaxValue ? Value.From((long)value) : Not("an integer above 2^63 - 1");

    private Value Extension(ulong length)
    {
        var type = unchecked((sbyte)Take(1)[0]);
        var content = Take(length);
        return type switch
        {
            -1 => Timestamp(content),
            1 when content.IsEmpty => Not("an empty node reference"),
            1 => Value.Reference(Encoding.UTF8.GetString(content)),
            _ => Not($"an extension of type {type}"),
        };
    }

    private static Value Timestamp(ReadOnlySpan<byte> content)
    {
        var (seconds, nanoseconds) = content.Length switch
        {
            4 => (BinaryPrimitives.ReadUInt32BigEndian(content), 0),
            8 => (
                (long)(BinaryPrimitives.ReadUInt64BigEndian(content) & 0x3ffffffff), (int)(BinaryPrimitives.ReadUInt64BigEndian(content) >> 34)),
            12 => (BinaryPrimitives.ReadInt64BigEndian(content[4..]), (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(content), int.MaxValue)),
            _ => throw new VectorException("a timestamp has another length."),
        };
        return nanoseconds < Instant.NanosecondsPerSecond
            ? Value.From(new Instant(seconds, nanoseconds))
            : throw new VectorException("a timestamp has more than 999,999,999 nanoseconds.");
    }

    private Value Not(string what)
    {
        Outside ??= what;
        return Value.Null;
    }

    private readonly ulong Counted(ulong count) => count <= (ulong)(_bytes.Length - _at)
        ? count
        : throw new VectorException("more items are announced than there are bytes.");

    private ulong Number(int size)
    {
        ulong number = 0;
        foreach (var digit in Take((ulong)size))
        {
            number = (number << 8) | digit;
        }

        return number;
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(_bytes.Length - _at))
        {
            throw new VectorException("the bytes end inside an item.");
        }

        var taken = _bytes.Slice(_at, (int)length);
        _at += (int)length;
        return taken;
    }
}
