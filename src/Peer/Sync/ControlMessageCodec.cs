using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Replica.Crdt.Encoding;

namespace Replica.Peer.Sync;

/// <summary>Control messages as canonical MessagePack: <c>[number, arguments…]</c>.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>0 hello</term><description>version min, version max, features, instance (bin 16), clock (Unix ms)</description></item>
/// <item><term>1 ping, 2 pong</term><description>number</description></item>
/// <item><term>3 credit</term><description>channel, bytes</description></item>
/// <item><term>4 goaway</term><description>reason, text</description></item>
/// <item><term>5 agent</term><description>text</description></item>
/// <item><term>128 and above</term><description>whatever a newer version says; skipped</description></item>
/// </list>
/// Source: docs/protocol-channels.md.
/// </remarks>
internal static class ControlMessageCodec
{
    /// <summary>The longest control message, in bytes.</summary>
    public const int BytesMax = 1024;

    /// <summary>The longest text in one, in bytes of UTF-8.</summary>
    public const int TextBytesMax = 256;

    /// <summary>Messages from this number on may be skipped by who does not know them.</summary>
    public const int SkippableNumberMin = 128;

    private const int NumberMax = 0xffff;
    private const int ArgumentsMax = 16;
    private const ulong ClockMax = (1UL << 48) - 1;

    /// <summary>Writes a message.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number of the message is outside its range.</exception>
    public static void Write(IBufferWriter<byte> output, ControlMessage message)
    {
        var writer = new MessagePackWriter(output);
        switch (message)
        {
            case ControlMessage.Hello hello:
                Check(hello);
                WriteHead(writer, 0, 5);
                writer.Write(hello.VersionMin);
                writer.Write(hello.VersionMax);
                writer.Write(hello.Features);
                writer.Write(hello.Instance.Value);
                writer.Write(hello.ClockUnixMilliseconds);
                break;
            case ControlMessage.Ping ping:
                WriteHead(writer, 1, 1);
                writer.Write(ping.Number);
                break;
            case ControlMessage.Pong pong:
                WriteHead(writer, 2, 1);
                writer.Write(pong.Number);
                break;
            case ControlMessage.Credit credit:
                ArgumentOutOfRangeException.ThrowIfLessThan(credit.Channel, 1, nameof(message));
                ArgumentOutOfRangeException.ThrowIfLessThan(credit.Bytes, ChannelLimits.CreditGrantBytesMin, nameof(message));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(credit.Bytes, ChannelLimits.CreditBytesMax, nameof(message));
                WriteHead(writer, 3, 2);
                writer.Write(credit.Channel);
                writer.Write(credit.Bytes);
                break;
            case ControlMessage.GoAway goAway:
                ArgumentOutOfRangeException.ThrowIfNegative((int)goAway.Reason, nameof(message));
                ArgumentOutOfRangeException.ThrowIfGreaterThan((int)goAway.Reason, NumberMax, nameof(message));
                WriteHead(writer, 4, 2);
                writer.Write((int)goAway.Reason);
                writer.Write(Clean(goAway.Text));
                break;
            case ControlMessage.Agent agent:
                WriteHead(writer, 5, 1);
                writer.Write(Clean(agent.Text));
                break;
            default:
                throw new UnreachableException($"No case for {message}.");
        }
    }

    /// <summary>Reads the message that <paramref name="body"/> is.</summary>
    /// <returns>Null for a message of a newer version that may be skipped.</returns>
    /// <exception cref="EncodingException">It is none, or a value in it is not allowed.</exception>
    public static ControlMessage? Read(ReadOnlySpan<byte> body)
    {
        var reader = new MessagePackReader(body);
        var count = reader.ReadArrayHeader(1 + ArgumentsMax);
        var number = reader.ReadInt32(int.MaxValue);
        if (number >= SkippableNumberMin)
        {
            return null;
        }

        var due = number switch { 0 => 6, 3 or 4 => 3, 1 or 2 or 5 => 2, _ => throw reader.Error($"there is no control message {number}") };
        if (count != due)
        {
            throw reader.Error($"control message {number} has {count} items where {due} are due");
        }

        ControlMessage message = number switch
        {
            0 => ReadHello(ref reader),
            1 => new ControlMessage.Ping(reader.ReadUInt64()),
            2 => new ControlMessage.Pong(reader.ReadUInt64()),
            3 => new ControlMessage.Credit(ReadNumber(ref reader, 1, int.MaxValue),
                ReadNumber(ref reader, ChannelLimits.CreditGrantBytesMin, ChannelLimits.CreditBytesMax)),
            4 => new ControlMessage.GoAway((GoAwayReason)reader.ReadInt32(NumberMax), ReadText(ref reader)),
            _ => new ControlMessage.Agent(ReadText(ref reader)),
        };
        reader.ReadEnd();
        return message;
    }

    private static void WriteHead(MessagePackWriter writer, int number, int arguments)
    {
        writer.WriteArrayHeader(1 + arguments);
        writer.Write(number);
    }

    private static void Check(ControlMessage.Hello hello)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hello.VersionMin, 1, nameof(hello));
        ArgumentOutOfRangeException.ThrowIfLessThan(hello.VersionMax, hello.VersionMin, nameof(hello));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hello.VersionMax, NumberMax, nameof(hello));
        ArgumentOutOfRangeException.ThrowIfNegative(hello.ClockUnixMilliseconds, nameof(hello));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)hello.ClockUnixMilliseconds, ClockMax, nameof(hello));
    }

    private static ControlMessage.Hello ReadHello(ref MessagePackReader reader)
    {
        var min = ReadNumber(ref reader, 1, NumberMax);
        var max = ReadNumber(ref reader, min, NumberMax);
        var features = reader.ReadUInt64();
        var instance = new InstanceId(BinaryPrimitives.ReadUInt128BigEndian(reader.ReadBinaryExactly(InstanceId.Size)));
        var clock = reader.ReadUInt64();
        return clock <= ClockMax
            ? new ControlMessage.Hello(min, max, features, instance, (long)clock)
            : throw reader.Error($"the clock {clock} is above 2^48 - 1");
    }

    private static int ReadNumber(ref MessagePackReader reader, int min, int max)
    {
        var number = reader.ReadInt32(max);
        return number >= min ? number : throw reader.Error($"the number {number} is below {min}");
    }

    private static string ReadText(ref MessagePackReader reader)
    {
        var text = reader.ReadString(TextBytesMax);
        foreach (var c in text)
        {
            if (char.IsControl(c))
            {
                // It ends in a log or on a terminal.
                throw reader.Error($"the text holds the control character {(int)c:x2}");
            }
        }

        return text;
    }

    /// <summary>What of a text may be sent: no control character, no broken surrogate, at most 256 bytes.</summary>
    private static string Clean(string text)
    {
        var clean = new StringBuilder();
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > TextBytesMax)
            {
                break;
            }

            _ = clean.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return clean.ToString();
    }
}
