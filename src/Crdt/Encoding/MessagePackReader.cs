using System.Text;

namespace Replica.Crdt.Encoding;

/// <summary>Reads canonical MessagePack and refuses every other form. Allocates only what it has verified.</summary>
/// <remarks>Source: [MsgPack]. A count or length is compared with the bytes that are left before anything is kept.</remarks>
/// <param name="bytes">The whole input.</param>
public ref struct MessagePackReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>How many bytes were taken so far.</summary>
    public int Consumed { get; private set; }

    /// <summary>How many bytes are left.</summary>
    public readonly int Remaining => _bytes.Length - Consumed;

    /// <summary>The kind of the next item.</summary>
    /// <exception cref="EncodingException">There is none, or its first byte is reserved.</exception>
    public readonly MessagePackType NextType()
    {
        if (Remaining == 0)
        {
            throw Error("the input ends where an item is due");
        }

        return _bytes[Consumed] switch
        {
            < 0x80 or >= 0xe0 => MessagePackType.Integer,
            < 0x90 => MessagePackType.Map,
            < 0xa0 => MessagePackType.Array,
            < 0xc0 => MessagePackType.String,
            MessagePackCode.Nil => MessagePackType.Nil,
            MessagePackCode.False or MessagePackCode.True => MessagePackType.Boolean,
            >= MessagePackCode.Bin8 and <= MessagePackCode.Bin32 => MessagePackType.Binary,
            (>= MessagePackCode.Ext8 and <= MessagePackCode.Ext32)
                or (>= MessagePackCode.FixExt1 and <= MessagePackCode.FixExt16) => MessagePackType.Extension,
            MessagePackCode.Float32 or MessagePackCode.Float64 => MessagePackType.Float,
            >= MessagePackCode.UInt8 and <= MessagePackCode.Int64 => MessagePackType.Integer,
            >= MessagePackCode.Str8 and <= MessagePackCode.Str32 => MessagePackType.String,
            MessagePackCode.Array16 or MessagePackCode.Array32 => MessagePackType.Array,
            MessagePackCode.Map16 or MessagePackCode.Map32 => MessagePackType.Map,
            var code => throw Error($"the byte {code:x2} is reserved"),
        };
    }

    /// <summary>Takes nil if it is next.</summary>
    public bool TryReadNil()
    {
        if (Remaining == 0 || _bytes[Consumed] != MessagePackCode.Nil)
        {
            return false;
        }

        Consumed++;
        return true;
    }

    /// <summary>Takes a truth value.</summary>
    /// <exception cref="EncodingException">Something else is next.</exception>
    public bool ReadBoolean() => ReadByte() switch
    {
        MessagePackCode.True => true,
        MessagePackCode.False => false,
        var code => throw Expected("true or false", code),
    };

    /// <summary>Takes an integer that is not negative.</summary>
    /// <exception cref="EncodingException">Something else is next, or a longer form than needed.</exception>
    public ulong ReadUInt64()
    {
        var code = ReadByte();
        return code switch
        {
            < 0x80 => code,
            MessagePackCode.UInt8 => Shortest(ReadNumber(1), 0x80),
            MessagePackCode.UInt16 => Shortest(ReadNumber(2), 0x100),
            MessagePackCode.UInt32 => Shortest(ReadNumber(4), 0x1_0000),
            MessagePackCode.UInt64 => Shortest(ReadNumber(8), 0x1_0000_0000),
            _ => throw Expected("an integer from 0", code),
        };
    }

    /// <summary>Takes an integer from 0 to <paramref name="max"/>.</summary>
    /// <exception cref="EncodingException">Something else is next, or a greater number.</exception>
    public int ReadInt32(int max)
    {
        var value = ReadUInt64();
        return value <= (ulong)max ? (int)value : throw Error($"the number {value} is above {max}");
    }

    /// <summary>Takes a 64-bit signed integer.</summary>
    /// <exception cref="EncodingException">Something else is next, a longer form than needed, or a number above 2^63 - 1.</exception>
    public long ReadInt64()
    {
        var code = Remaining > 0 ? _bytes[Consumed] : ReadByte();
        if (code is < 0x80 or (>= MessagePackCode.UInt8 and <= MessagePackCode.UInt64))
        {
            var value = ReadUInt64();
            return value <= long.MaxValue ? (long)value : throw Error($"the integer {value} is above 2^63 - 1");
        }

        Consumed++;
        return code switch
        {
            >= MessagePackCode.NegativeFixInt => unchecked((sbyte)code),
            MessagePackCode.Int8 => Shortest(unchecked((sbyte)ReadNumber(1)), -32),
            MessagePackCode.Int16 => Shortest(unchecked((short)ReadNumber(2)), sbyte.MinValue),
            MessagePackCode.Int32 => Shortest(unchecked((int)ReadNumber(4)), short.MinValue),
            MessagePackCode.Int64 => Shortest(unchecked((long)ReadNumber(8)), int.MinValue),
            _ => throw Expected("an integer", code),
        };
    }

    /// <summary>Takes a 64-bit float; -0.0 is kept.</summary>
    /// <exception cref="EncodingException">Something else is next, or a NaN in another form than 7ff8000000000000.</exception>
    public double ReadDouble()
    {
        var code = ReadByte();
        if (code != MessagePackCode.Float64)
        {
            throw Expected("a 64-bit float", code);
        }

        var bits = ReadNumber(8);
        var value = BitConverter.UInt64BitsToDouble(bits);
        return double.IsNaN(value) && bits != 0x7ff8_0000_0000_0000UL
            ? throw Error($"NaN is written {bits:x16}; only 7ff8000000000000 is allowed")
            : value;
    }

    /// <summary>Takes text of at most <paramref name="bytesMax"/> UTF-8 bytes.</summary>
    /// <exception cref="EncodingException">Something else is next, the text is too long or not valid UTF-8.</exception>
    public string ReadString(int bytesMax)
    {
        var span = ReadUtf8(bytesMax);
        try
        {
            return StrictUtf8.GetString(span);
        }
        catch (DecoderFallbackException)
        {
            throw Error("the text is not valid UTF-8");
        }
    }

    /// <summary>Takes bytes, at most <paramref name="bytesMax"/>; they are a view of the input.</summary>
    /// <exception cref="EncodingException">Something else is next, or too many bytes.</exception>
    public ReadOnlySpan<byte> ReadBinary(int bytesMax)
    {
        var code = ReadByte();
        var length = code switch
        {
            MessagePackCode.Bin8 => ReadNumber(1),
            MessagePackCode.Bin16 => Shortest(ReadNumber(2), 0x100),
            MessagePackCode.Bin32 => Shortest(ReadNumber(4), 0x1_0000),
            _ => throw Expected("bytes", code),
        };
        return Take(length, bytesMax);
    }

    /// <summary>Takes exactly <paramref name="length"/> bytes as a view of the input.</summary>
    /// <exception cref="EncodingException">Something else is next, or another number of bytes.</exception>
    public ReadOnlySpan<byte> ReadBinaryExactly(int length)
    {
        var found = ReadBinary(length);
        return found.Length == length ? found : throw Error($"{found.Length} bytes stand where {length} are due");
    }

    /// <summary>Takes the head of an array of at most <paramref name="countMax"/> items.</summary>
    /// <exception cref="EncodingException">Something else is next, or more items than allowed or than bytes are left.</exception>
    public int ReadArrayHeader(int countMax)
    {
        var code = ReadByte();
        var count = code switch
        {
            >= MessagePackCode.FixArray and < MessagePackCode.FixString => (ulong)(code & 0xf),
            MessagePackCode.Array16 => Shortest(ReadNumber(2), 16),
            MessagePackCode.Array32 => Shortest(ReadNumber(4), 0x1_0000),
            _ => throw Expected("an array", code),
        };
        return Count(count, 1, countMax);
    }

    /// <summary>Takes the head of an array of exactly <paramref name="count"/> items.</summary>
    /// <exception cref="EncodingException">Something else is next, or another number of items.</exception>
    public void ReadArrayHeaderExactly(int count)
    {
        var found = ReadArrayHeader(count);
        if (found != count)
        {
            throw Error($"an array of {found} stands where one of {count} is due");
        }
    }

    /// <summary>Takes the head of a map of at most <paramref name="countMax"/> pairs.</summary>
    /// <exception cref="EncodingException">Something else is next, or more pairs than allowed or than bytes are left.</exception>
    public int ReadMapHeader(int countMax)
    {
        var code = ReadByte();
        var count = code switch
        {
            >= MessagePackCode.FixMap and < MessagePackCode.FixArray => (ulong)(code & 0xf),
            MessagePackCode.Map16 => Shortest(ReadNumber(2), 16),
            MessagePackCode.Map32 => Shortest(ReadNumber(4), 0x1_0000),
            _ => throw Expected("a map", code),
        };
        return Count(count, 2, countMax);
    }

    /// <summary>Takes an extension of at most <paramref name="bytesMax"/> bytes; they are a view of the input.</summary>
    /// <exception cref="EncodingException">Something else is next, too many bytes, or a longer form than needed.</exception>
    public ReadOnlySpan<byte> ReadExtension(int bytesMax, out sbyte type)
    {
        var code = ReadByte();
        var length = code switch
        {
            >= MessagePackCode.FixExt1 and <= MessagePackCode.FixExt16 => 1UL << (code - MessagePackCode.FixExt1),
            MessagePackCode.Ext8 => ReadNumber(1),
            MessagePackCode.Ext16 => Shortest(ReadNumber(2), 0x100),
            MessagePackCode.Ext32 => Shortest(ReadNumber(4), 0x1_0000),
            _ => throw Expected("an extension", code),
        };
        if (code == MessagePackCode.Ext8 && length is 1 or 2 or 4 or 8 or 16)
        {
            throw Error($"an extension of {length} bytes has a shorter form");
        }

        type = unchecked((sbyte)ReadByte());
        return Take(length, bytesMax);
    }

    /// <summary>Refuses bytes after the end.</summary>
    /// <exception cref="EncodingException">There are some.</exception>
    public readonly void ReadEnd()
    {
        if (Remaining > 0)
        {
            throw Error($"{Remaining} bytes follow the end");
        }
    }

    /// <summary>The input from one offset to another, for keeping bytes as they came.</summary>
    public readonly ReadOnlySpan<byte> Slice(int from, int to) => _bytes[from..to];

    /// <summary>An error that names the place.</summary>
    public readonly EncodingException Error(string what) => new($"Bad MessagePack at byte {Consumed}: {what}.");

    private ReadOnlySpan<byte> ReadUtf8(int bytesMax)
    {
        var code = ReadByte();
        var length = code switch
        {
            >= MessagePackCode.FixString and < MessagePackCode.Nil => (ulong)(code & 0x1f),
            MessagePackCode.Str8 => Shortest(ReadNumber(1), 32),
            MessagePackCode.Str16 => Shortest(ReadNumber(2), 0x100),
            MessagePackCode.Str32 => Shortest(ReadNumber(4), 0x1_0000),
            _ => throw Expected("text", code),
        };
        return Take(length, bytesMax);
    }

    private ReadOnlySpan<byte> Take(ulong length, int bytesMax)
    {
        if (length > (ulong)Remaining)
        {
            throw Error($"{length} bytes are announced and {Remaining} are left");
        }

        if (length > (ulong)bytesMax)
        {
            throw Error($"{length} bytes are announced; at most {bytesMax} are allowed");
        }

        var span = _bytes.Slice(Consumed, (int)length);
        Consumed += (int)length;
        return span;
    }

    private readonly int Count(ulong count, int bytesEach, int countMax)
    {
        if (count > (ulong)(Remaining / bytesEach))
        {
            throw Error($"{count} items are announced and {Remaining} bytes are left");
        }

        return count <= (ulong)countMax ? (int)count : throw Error($"{count} items are announced; at most {countMax} are allowed");
    }

    private byte ReadByte()
    {
        if (Remaining == 0)
        {
            throw Error("the input ends where an item is due");
        }

        return _bytes[Consumed++];
    }

    private ulong ReadNumber(int bytes)
    {
        if (Remaining < bytes)
        {
            throw Error($"the input ends inside a number of {bytes} bytes");
        }

        ulong value = 0;
        foreach (var b in _bytes.Slice(Consumed, bytes))
        {
            value = (value << 8) | b;
        }

        Consumed += bytes;
        return value;
    }

    private readonly ulong Shortest(ulong value, ulong least) =>
        value >= least ? value : throw Error($"the number {value} has a shorter form");

    private readonly long Shortest(long value, long above) =>
        value < above ? value : throw Error($"the number {value} has a shorter form");

    private readonly EncodingException Expected(string what, byte found) => Error($"{what} is due and the byte {found:x2} is there");
}
