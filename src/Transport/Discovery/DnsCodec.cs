using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Replica.Transport.Discovery;

/// <summary>Reads and writes multicast DNS messages. Source: [RFC6762] section 18, [RFC6763].</summary>
/// <remarks>
/// Reading is bounded and never throws on what others sent: names of 255 bytes, pointers that only lead back, 64 questions,
/// 128 records. Written messages are not compressed.
/// </remarks>
internal static class DnsCodec
{
    /// <summary>The longest packet that is looked at, in bytes.</summary>
    public const int PacketBytesMax = 9_000;

    private const int HeadBytes = 12;
    private const int NameBytesMax = 255;
    private const int LabelBytesMax = 63;
    private const int QuestionsMax = 64;
    private const int RecordsMax = 128;
    private const int StringsMax = 64;
    private const ushort ResponseFlags = 0x8400;
    private const ushort ClassInternet = 1;
    private const ushort TopBit = 0x8000;
    private const ushort OwnClass = ClassInternet | TopBit;

    /// <summary>Reads a message.</summary>
    /// <returns>Null for anything that is none, or breaks a limit.</returns>
    public static DnsMessage? TryRead(ReadOnlySpan<byte> packet)
    {
        if (packet.Length is < HeadBytes or > PacketBytesMax)
        {
            return null;
        }

        var flags = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        int questionCount = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        var recordCount = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) + BinaryPrimitives.ReadUInt16BigEndian(packet[8..])
            + BinaryPrimitives.ReadUInt16BigEndian(packet[10..]);
        // Operation and result code must be zero: [RFC6762] sections 18.3 and 18.11.
        if ((flags & 0x780f) != 0 || questionCount > QuestionsMax || recordCount > RecordsMax)
        {
            return null;
        }

        var at = HeadBytes;
        var questions = new List<DnsQuestion>();
        for (var i = 0; i < questionCount; i++)
        {
            if (!TryReadName(packet, ref at, out var name) || packet.Length - at < 4)
            {
                return null;
            }

            var type = BinaryPrimitives.ReadUInt16BigEndian(packet[at..]);
            questions.Add(new(name, (DnsType)type, (BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 2)..]) & TopBit) != 0));
            at += 4;
        }

        var records = new List<DnsRecord>();
        for (var i = 0; i < recordCount; i++)
        {
            if (!TryReadRecord(packet, ref at, out var record))
            {
                return null;
            }

            if (record is not null)
            {
                records.Add(record);
            }
        }

        return new((flags & TopBit) != 0, questions, records);
    }

    /// <summary>Writes a question for all instances of a service, or for what is known of one.</summary>
    public static byte[] WriteQuery(params ReadOnlySpan<DnsQuestion> questions)
    {
        using var packet = new MemoryStream();
        WriteHead(packet, 0, questions.Length, 0);
        foreach (var question in questions)
        {
            WriteName(packet, question.Name);
            Write16(packet, (ushort)question.Type);
            Write16(packet, (ushort)(ClassInternet | (question.WantsUnicast ? TopBit : 0)));
        }

        return packet.ToArray();
    }

    /// <summary>Writes an answer.</summary>
    /// <param name="id">0, but the asker's own number in an answer to one that does not speak multicast.</param>
    /// <param name="records">What it holds.</param>
    public static byte[] WriteResponse(ushort id, IReadOnlyList<DnsRecord> records)
    {
        using var packet = new MemoryStream();
        WriteHead(packet, ResponseFlags, 0, records.Count, id);
        foreach (var record in records)
        {
            WriteRecord(packet, record);
        }

        return packet.ToArray();
    }

    /// <summary>The number of a message, which an answer to a plain resolver repeats.</summary>
    public static ushort IdOf(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt16BigEndian(packet);

    private static bool TryReadRecord(ReadOnlySpan<byte> packet, ref int at, out DnsRecord? record)
    {
        record = null;
        if (!TryReadName(packet, ref at, out var name) || packet.Length - at < 10)
        {
            return false;
        }

        var type = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(packet[at..]);
        var seconds = BinaryPrimitives.ReadUInt32BigEndian(packet[(at + 4)..]);
        int length = BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 8)..]);
        at += 10;
        if (packet.Length - at < length)
        {
            return false;
        }

        var start = at;
        at += length;
        switch (type)
        {
            case DnsType.A when length == 4:
            case DnsType.Aaaa when length == 16:
                record = new DnsRecord.Address(name, seconds, new IPAddress(packet.Slice(start, length)));
                return true;
            case DnsType.Ptr:
                var end = start;
                var isName = TryReadName(packet, ref end, out var target) && end == at;
                record = isName ? new DnsRecord.Pointer(name, seconds, target) : null;
                return isName;
            case DnsType.Srv when length > 6:
                var hostEnd = start + 6;
                var isHost = TryReadName(packet, ref hostEnd, out var host) && hostEnd == at;
                record = isHost
                    ? new DnsRecord.Service(name, seconds, BinaryPrimitives.ReadUInt16BigEndian(packet[(start + 4)..]), host)
                    : null;
                return isHost;
            case DnsType.Txt:
                record = TryReadStrings(packet.Slice(start, length), out var strings) ? new DnsRecord.Text(name, seconds, strings) : null;
                return record is not null;
            default:
                return true;
        }
    }

    private static bool TryReadStrings(ReadOnlySpan<byte> data, out List<ReadOnlyMemory<byte>> strings)
    {
        strings = [];
        while (!data.IsEmpty)
        {
            int length = data[0];
            if (data.Length < 1 + length || strings.Count >= StringsMax)
            {
                return false;
            }

            strings.Add(data.Slice(1, length).ToArray());
            data = data[(1 + length)..];
        }

        return true;
    }

    /// <summary>Reads a name as text: lower case, labels joined by dots, what is not printable as a question mark.</summary>
    private static bool TryReadName(ReadOnlySpan<byte> packet, ref int at, out string name)
    {
        var text = new StringBuilder();
        name = "";
        var position = at;
        var limit = at;
        var hasJumped = false;
        while (true)
        {
            if (position >= packet.Length)
            {
                return false;
            }

            int length = packet[position];
            if (length == 0)
            {
                at = hasJumped ? at : position + 1;
                name = text.ToString();
                return true;
            }

            if (length >= 0xc0)
            {
                if (position + 1 >= packet.Length)
                {
                    return false;
                }

                var target = ((length & 0x3f) << 8) | packet[position + 1];
                at = hasJumped ? at : position + 2;
                // Strictly back, so that no chain of pointers runs in a circle.
                if (target >= limit)
                {
                    return false;
                }

                (hasJumped, limit, position) = (true, target, target);
                continue;
            }

            if (length > LabelBytesMax || position + 1 + length > packet.Length || text.Length + length + 1 > NameBytesMax)
            {
                return false;
            }

            _ = text.Append(text.Length > 0 ? "." : "");
            foreach (var one in packet.Slice(position + 1, length))
            {
                _ = text.Append(one is > 0x20 and < 0x7f and not (byte)'.' ? char.ToLowerInvariant((char)one) : '?');
            }

            position += 1 + length;
        }
    }

    private static void WriteRecord(MemoryStream packet, DnsRecord record)
    {
        WriteName(packet, record.Name);
        using var data = new MemoryStream();
        // All but the pointer belong to this instance alone: whoever kept older ones drops them.
        var (type, cls) = (DnsType.Ptr, ClassInternet);
        switch (record)
        {
            case DnsRecord.Pointer pointer:
                WriteName(data, pointer.Target);
                break;
            case DnsRecord.Service service:
                (type, cls) = (DnsType.Srv, OwnClass);
                Write16(data, 0);
                Write16(data, 0);
                Write16(data, (ushort)service.Port);
                WriteName(data, service.Host);
                break;
            case DnsRecord.Text text:
                (type, cls) = (DnsType.Txt, OwnClass);
                foreach (var part in text.Strings)
                {
                    data.WriteByte((byte)part.Length);
                    data.Write(part.Span);
                }

                break;
            case DnsRecord.Address address:
                (type, cls) = (address.Value.AddressFamily == AddressFamily.InterNetwork ? DnsType.A : DnsType.Aaaa, OwnClass);
                data.Write(address.Value.GetAddressBytes());
                break;
        }

        Write16(packet, (ushort)type);
        Write16(packet, cls);
        Write16(packet, (ushort)(record.Seconds >> 16));
        Write16(packet, (ushort)(record.Seconds & 0xffff));
        Write16(packet, (ushort)data.Length);
        packet.Write(data.GetBuffer().AsSpan(0, (int)data.Length));
    }

    private static void WriteHead(MemoryStream packet, ushort flags, int questions, int answers, ushort id = 0)
    {
        Write16(packet, id);
        Write16(packet, flags);
        Write16(packet, (ushort)questions);
        Write16(packet, (ushort)answers);
        Write16(packet, 0);
        Write16(packet, 0);
    }

    private static void WriteName(MemoryStream packet, string name)
    {
        foreach (var label in name.Split('.'))
        {
            packet.WriteByte((byte)label.Length);
            packet.Write(Encoding.ASCII.GetBytes(label));
        }

        packet.WriteByte(0);
    }

    private static void Write16(MemoryStream packet, ushort number)
    {
        packet.WriteByte((byte)(number >> 8));
        packet.WriteByte((byte)(number & 0xff));
    }
}
