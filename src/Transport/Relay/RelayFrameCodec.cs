using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using Replica.Transport.Crypto;
using Replica.Transport.Links;

namespace Replica.Transport.Relay;

/// <summary>Writes and reads relay frames: fixed fields, one form for each frame, nothing after the last field.</summary>
public static class RelayFrameCodec
{
    private const int HeadBytes = 3;

    /// <summary>Sends one frame.</summary>
    /// <exception cref="TransportException">The link broke.</exception>
    public static ValueTask SendAsync(IByteLink link, RelayFrame frame, CancellationToken cancellationToken)
    {
        var output = new ArrayBufferWriter<byte>(128);
        Write(output, frame);
        return link.SendAsync(output.WrittenMemory, cancellationToken);
    }

    /// <summary>Receives one frame and not a byte more, since a tunnel may follow.</summary>
    /// <returns>Null when the other side ended the stream between two frames.</returns>
    /// <exception cref="RelayException">What came is no frame.</exception>
    /// <exception cref="TransportException">The link broke.</exception>
    public static async ValueTask<RelayFrame?> ReceiveAsync(IByteLink link, CancellationToken cancellationToken)
    {
        // Waits without a buffer of its own.
        _ = await link.ReceiveAsync(Memory<byte>.Empty, cancellationToken);
        var head = new byte[HeadBytes];
        var taken = await link.ReceiveAsync(head, cancellationToken);
        if (taken == 0)
        {
            return null;
        }

        await FillAsync(link, head.AsMemory(taken), cancellationToken);
        var length = BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(1));
        if (length > RelayFrame.BodyBytesMax)
        {
            throw new RelayException($"A relay frame of {length} bytes was announced; at most {RelayFrame.BodyBytesMax} are allowed.");
        }

        var body = new byte[length];
        await FillAsync(link, body, cancellationToken);
        return Read(head[0], body);
    }

    /// <summary>Writes one frame.</summary>
    public static void Write(IBufferWriter<byte> output, RelayFrame frame)
    {
        var body = new ArrayBufferWriter<byte>(128);
        var number = WriteBody(body, frame);
        var head = output.GetSpan(HeadBytes);
        head[0] = number;
        BinaryPrimitives.WriteUInt16BigEndian(head[1..], (ushort)body.WrittenCount);
        output.Advance(HeadBytes);
        output.Write(body.WrittenSpan);
    }

    /// <summary>Reads one frame from its number and its body.</summary>
    /// <exception cref="RelayException">It is none.</exception>
    public static RelayFrame Read(byte number, ReadOnlyMemory<byte> body)
    {
        var reader = new RelayFrameReader(body);
        RelayFrame frame = number switch
        {
            1 => ReadHello(ref reader),
            2 => new RelayFrame.Auth(reader.Key(), reader.Bytes(RelayFrame.TagBytes), reader.Bytes(DeviceSignature.SizeBytes)),
            3 => new RelayFrame.Ready(),
            4 => new RelayFrame.Listen(),
            5 => new RelayFrame.Listening(),
            6 => new RelayFrame.Dial(reader.Key()),
            7 => new RelayFrame.Incoming(reader.Bytes(RelayFrame.TicketBytes), reader.Key()),
            8 => new RelayFrame.Accept(reader.Bytes(RelayFrame.TicketBytes)),
            9 => new RelayFrame.Opened(),
            10 => new RelayFrame.Announce(
                reader.Bytes(RelayFrame.TagBytes), reader.Number16(1, RelayFrame.AnnouncementSecondsMax), reader.Sealed()),
            11 => new RelayFrame.Announced(),
            12 => new RelayFrame.Lookup(reader.Bytes(RelayFrame.TagBytes)),
            13 => new RelayFrame.Found(reader.Entries()),
            14 => new RelayFrame.Ping(reader.Number64()),
            15 => new RelayFrame.Pong(reader.Number64()),
            17 => new RelayFrame.Leaving(reader.Number16(0, ushort.MaxValue)),
            19 => new RelayFrame.Refused((RelayRefusal)reader.Number8(1, (byte)RelayRefusal.BadRequest), reader.Number16(0, ushort.MaxValue)),
            _ => throw new RelayException($"There is no relay frame {number}."),
        };
        reader.End();
        return frame;
    }

    private static RelayFrame.Hello ReadHello(ref RelayFrameReader reader)
    {
        _ = reader.Number8(RelayFrame.Version, RelayFrame.Version);
        var time = reader.Number64();
        return time <= long.MaxValue
            ? new((long)time, reader.Bytes(RelayFrame.TagBytes))
            : throw new RelayException("The relay's clock is out of range.");
    }

    private static byte WriteBody(ArrayBufferWriter<byte> body, RelayFrame frame)
    {
        switch (frame)
        {
            case RelayFrame.Hello hello:
                body.Write([RelayFrame.Version]);
                Write64(body, (ulong)hello.UnixMilliseconds);
                body.Write(hello.Challenge.Span);
                return 1;
            case RelayFrame.Auth auth:
                Write(body, auth.RoutingKey);
                body.Write(auth.Nonce.Span);
                body.Write(auth.Signature.Span);
                return 2;
            case RelayFrame.Ready:
                return 3;
            case RelayFrame.Listen:
                return 4;
            case RelayFrame.Listening:
                return 5;
            case RelayFrame.Dial dial:
                Write(body, dial.RoutingKey);
                return 6;
            case RelayFrame.Incoming incoming:
                body.Write(incoming.Ticket.Span);
                Write(body, incoming.RoutingKey);
                return 7;
            case RelayFrame.Accept accept:
                body.Write(accept.Ticket.Span);
                return 8;
            case RelayFrame.Opened:
                return 9;
            case RelayFrame.Announce announce:
                body.Write(announce.Tag.Span);
                Write16(body, announce.Seconds);
                Write16(body, announce.Sealed.Length);
                body.Write(announce.Sealed.Span);
                return 10;
            case RelayFrame.Announced:
                return 11;
            case RelayFrame.Lookup lookup:
                body.Write(lookup.Tag.Span);
                return 12;
            case RelayFrame.Found found:
                body.Write([(byte)found.Entries.Count]);
                foreach (var entry in found.Entries)
                {
                    Write16(body, entry.Length);
                    body.Write(entry.Span);
                }

                return 13;
            case RelayFrame.Ping ping:
                Write64(body, ping.Number);
                return 14;
            case RelayFrame.Pong pong:
                Write64(body, pong.Number);
                return 15;
            case RelayFrame.Leaving leaving:
                Write16(body, leaving.Seconds);
                return 17;
            case RelayFrame.Refused refused:
                body.Write([(byte)refused.Reason]);
                Write16(body, refused.Seconds);
                return 19;
            default:
                throw new UnreachableException($"No case for {frame}.");
        }
    }

    private static void Write(ArrayBufferWriter<byte> output, DeviceKey key)
    {
        key.CopyTo(output.GetSpan(DeviceKey.SizeBytes));
        output.Advance(DeviceKey.SizeBytes);
    }

    private static void Write16(ArrayBufferWriter<byte> output, int number)
    {
        BinaryPrimitives.WriteUInt16BigEndian(output.GetSpan(2), (ushort)number);
        output.Advance(2);
    }

    private static void Write64(ArrayBufferWriter<byte> output, ulong number)
    {
        BinaryPrimitives.WriteUInt64BigEndian(output.GetSpan(8), number);
        output.Advance(8);
    }

    private static async ValueTask FillAsync(IByteLink link, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            var taken = await link.ReceiveAsync(buffer, cancellationToken);
            buffer = taken > 0 ? buffer[taken..] : throw new RelayException("The stream ended inside a relay frame.");
        }
    }
}
