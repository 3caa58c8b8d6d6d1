using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Replica.Crdt.Encoding;

/// <summary>Writes canonical MessagePack: the shortest header for every length, the shortest form of every integer.</summary>
/// <remarks>Source: [MsgPack]. One value has one encoding, so that hashes and comparisons can be made on bytes.</remarks>
/// <param name="output">Where the bytes go.</param>
public readonly ref struct MessagePackWriter(IBufferWriter<byte> output)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly IBufferWriter<byte> _output = output;

    /// <summary>Writes nil.</summary>
    public void WriteNil() => WriteByte(MessagePackCode.Nil);

    /// <summary>Writes a truth value.</summary>
    public void Write(bool value) => WriteByte(value ? MessagePackCode.True : MessagePackCode.False);

    /// <summary>Writes an integer, negative or not.</summary>
    public void Write(long value)
    {
        switch (value)
        {
            case >= 0:
                Write((ulong)value);
                break;
            case >= -32:
                WriteByte(unchecked((byte)value));
                break;
            case >= sbyte.MinValue:
                WriteNumber(MessagePackCode.Int8, unchecked((ulong)value), 1);
                break;
            case >= short.MinValue:
                WriteNumber(MessagePackCode.Int16, unchecked((ulong)value), 2);
                break;
            case >= int.MinValue:
                WriteNumber(MessagePackCode.Int32, unchecked((ulong)value), 4);
                break;
            default:
                WriteNumber(MessagePackCode.Int64, unchecked((ulong)value), 8);
                break;
        }
    }

    /// <summary>Writes an integer that is not negative.</summary>
    public void Write(ulong value)
    {
        switch (value)
        {
            case < 0x80:
                WriteByte((byte)value);
                break;
            case <= byte.MaxValue:
                WriteNumber(MessagePackCode.UInt8, value, 1);
                break;
            case <= ushort.MaxValue:
                WriteNumber(MessagePackCode.UInt16, value, 2);
                break;
            case <= uint.MaxValue:
                WriteNumber(MessagePackCode.UInt32, value, 4);
                break;
            default:
                WriteNumber(MessagePackCode.UInt64, value, 8);
                break;
        }
    }

    /// <summary>Writes a 64-bit float; every NaN becomes 7ff8000000000000, -0.0 stays.</summary>
    public void Write(double value) => WriteNumber(
        MessagePackCode.Float64,
        double.IsNaN(value) ? 0x7ff8_0000_0000_0000UL : BitConverter.DoubleToUInt64Bits(value),
        8);

    /// <summary>Writes text.</summary>
    /// <exception cref="EncodingException">The text has a lone surrogate, which UTF-8 can't hold.</exception>
    public void Write(string value)
    {
        int length;
        try
        {
            length = StrictUtf8.GetByteCount(value);
        }
        catch (EncoderFallbackException)
        {
            throw new EncodingException("The text holds half of a surrogate pair and can't be written as UTF-8.");
        }

        switch (length)
        {
            case < 32:
                WriteByte((byte)(MessagePackCode.FixString | length));
                break;
            case <= byte.MaxValue:
                WriteNumber(MessagePackCode.Str8, (ulong)length, 1);
                break;
            case <= ushort.MaxValue:
                WriteNumber(MessagePackCode.Str16, (ulong)length, 2);
                break;
            default:
                WriteNumber(MessagePackCode.Str32, (ulong)length, 4);
                break;
        }

        _ = StrictUtf8.GetBytes(value, _output.GetSpan(length));
        _output.Advance(length);
    }

    /// <summary>Writes bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        WriteLength(bytes.Length, MessagePackCode.Bin8, MessagePackCode.Bin16, MessagePackCode.Bin32);
        _output.Write(bytes);
    }

    /// <summary>Writes 16 bytes as binary.</summary>
    public void Write(UInt128 value)
    {
        var span = _output.GetSpan(18);
        span[0] = MessagePackCode.Bin8;
        span[1] = 16;
        BinaryPrimitives.WriteUInt128BigEndian(span[2..], value);
        _output.Advance(18);
    }

    /// <summary>Writes the head of an array; <paramref name="count"/> items follow.</summary>
    public void WriteArrayHeader(int count) =>
        WriteHeader(count, MessagePackCode.FixArray, MessagePackCode.Array16, MessagePackCode.Array32);

    /// <summary>Writes the head of a map; <paramref name="count"/> keys, each with its value, follow.</summary>
    public void WriteMapHeader(int count) =>
        WriteHeader(count, MessagePackCode.FixMap, MessagePackCode.Map16, MessagePackCode.Map32);

    /// <summary>Writes an extension.</summary>
    public void WriteExtension(sbyte type, ReadOnlySpan<byte> bytes)
    {
        byte fixedCode = bytes.Length switch
        {
            1 => MessagePackCode.FixExt1,
            2 => MessagePackCode.FixExt2,
            4 => MessagePackCode.FixExt4,
            8 => MessagePackCode.FixExt8,
            16 => MessagePackCode.FixExt16,
            _ => 0,
        };
        if (fixedCode != 0)
        {
            WriteByte(fixedCode);
        }
        else
        {
            WriteLength(bytes.Length, MessagePackCode.Ext8, MessagePackCode.Ext16, MessagePackCode.Ext32);
        }

        WriteByte(unchecked((byte)type));
        _output.Write(bytes);
    }

    /// <summary>Copies an item that is canonical already.</summary>
    public void WriteRaw(ReadOnlySpan<byte> encoded) => _output.Write(encoded);

    private void WriteHeader(int count, byte fixedCode, byte code16, byte code32)
    {
        switch (count)
        {
            case < 16:
                WriteByte((byte)(fixedCode | count));
                break;
            case <= ushort.MaxValue:
                WriteNumber(code16, (ulong)count, 2);
                break;
            default:
                WriteNumber(code32, (ulong)count, 4);
                break;
        }
    }

    private void WriteLength(int length, byte code8, byte code16, byte code32)
    {
        switch (length)
        {
            case <= byte.MaxValue:
                WriteNumber(code8, (ulong)length, 1);
                break;
            case <= ushort.MaxValue:
                WriteNumber(code16, (ulong)length, 2);
                break;
            default:
                WriteNumber(code32, (ulong)length, 4);
                break;
        }
    }

    private void WriteByte(byte value)
    {
        _output.GetSpan(1)[0] = value;
        _output.Advance(1);
    }

    private void WriteNumber(byte code, ulong value, int bytes)
    {
        var span = _output.GetSpan(9);
        span[0] = code;
        BinaryPrimitives.WriteUInt64BigEndian(span[1..], value << (8 * (8 - bytes)));
        _output.Advance(1 + bytes);
    }
}
