using System.Buffers;
using System.Diagnostics;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;

namespace Replica.Peer.Membership;

/// <summary>Admission messages as canonical MessagePack arrays that begin with the number of their kind.</summary>
public static class AdmissionMessageCodec
{
    /// <summary>The lowest number of an admission message.</summary>
    public const int NumberMin = 16;

    /// <summary>The highest number of an admission message.</summary>
    public const int NumberMax = 24;

    /// <summary>The longest message body in bytes: a join with the longest name.</summary>
    public const int BodyBytesMax = 2 + (2 + Bytes32.Size) + (3 + ValueLimits.NameBytesMax) + (2 + SignatureBytes.Size);

    private const int Open = 16;
    private const int Opened = 17;
    private const int Unknown = 18;
    private const int Duplicate = 19;
    private const int Join = 20;
    private const int Welcome = 21;
    private const int Expired = 22;
    private const int UsedUp = 23;
    private const int Cancelled = 24;
    private const int ItemsMax = 4;

    /// <summary>Writes one message. Of a welcome the buffer then holds the secret: whoever owns it clears it after use.</summary>
    /// <exception cref="EncodingException">The name of a join is too long or no valid text.</exception>
    public static void Write(IBufferWriter<byte> output, AdmissionMessage message)
    {
        var writer = new MessagePackWriter(output);
        switch (message)
        {
            case AdmissionMessage.Open open:
                Begin(writer, Open, 2);
                Write(writer, open.Tag.Value);
                Write(writer, open.Proof.Value);
                break;
            case AdmissionMessage.Opened opened:
                Begin(writer, Opened, 1);
                Write(writer, opened.Proof.Value);
                break;
            case AdmissionMessage.Unknown:
                Begin(writer, Unknown, 0);
                break;
            case AdmissionMessage.Duplicate:
                Begin(writer, Duplicate, 0);
                break;
            case AdmissionMessage.Join join:
                Names.Check(join.Name, "display name");
                Begin(writer, Join, 3);
                Write(writer, join.Tag.Value);
                writer.Write(join.Name);
                writer.Write(join.Signature.Bytes.Span);
                break;
            case AdmissionMessage.Welcome welcome:
                Begin(writer, Welcome, 1);
                writer.Write(welcome.Secret.Bytes);
                break;
            case AdmissionMessage.Expired:
                Begin(writer, Expired, 0);
                break;
            case AdmissionMessage.UsedUp:
                Begin(writer, UsedUp, 0);
                break;
            case AdmissionMessage.Cancelled:
                Begin(writer, Cancelled, 0);
                break;
            default:
                throw new UnreachableException($"No case for {message}.");
        }
    }

    /// <summary>Reads one message. The secret of a welcome is a copy that belongs to the message.</summary>
    /// <exception cref="EncodingException">The bytes are none; the other side is at fault.</exception>
    public static AdmissionMessage Read(ReadOnlySpan<byte> body)
    {
        if (body.Length > BodyBytesMax)
        {
            throw new EncodingException($"An admission message has {body.Length} bytes; at most {BodyBytesMax} are allowed.");
        }

        var reader = new MessagePackReader(body);
        var items = reader.ReadArrayHeader(ItemsMax);
        var number = items > 0 ? reader.ReadInt32(int.MaxValue) : throw reader.Error("the message is empty");
        if (items != ItemsOf(number))
        {
            throw reader.Error($"message {number} with {items} items is no admission message");
        }

        switch (number)
        {
            case Welcome:
                // The end is checked first: a secret that was read is not dropped unzeroed.
                var secret = reader.ReadBinaryExactly(SpaceSecret.Size);
                reader.ReadEnd();
                return new AdmissionMessage.Welcome(SpaceSecret.FromBytes(secret));
            default:
                var message = ReadPlain(number, ref reader);
                reader.ReadEnd();
                return message;
        }
    }

    private static AdmissionMessage ReadPlain(int number, ref MessagePackReader reader) => number switch
    {
        Open => new AdmissionMessage.Open(new(ReadBytes32(ref reader)), new(ReadBytes32(ref reader))),
        Opened => new AdmissionMessage.Opened(new(ReadBytes32(ref reader))),
        Unknown => new AdmissionMessage.Unknown(),
        Duplicate => new AdmissionMessage.Duplicate(),
        Join => new AdmissionMessage.Join(
            new(ReadBytes32(ref reader)),
            reader.ReadString(ValueLimits.NameBytesMax),
            new(reader.ReadBinaryExactly(SignatureBytes.Size).ToArray())),
        Expired => new AdmissionMessage.Expired(),
        UsedUp => new AdmissionMessage.UsedUp(),
        Cancelled => new AdmissionMessage.Cancelled(),
        _ => throw new UnreachableException($"No case for message {number}."),
    };

    private static int ItemsOf(int number) => number switch
    {
        Join => 4,
        Open => 3,
        Opened or Welcome => 2,
        Unknown or Duplicate or Expired or UsedUp or Cancelled => 1,
        _ => 0,
    };

    private static void Begin(MessagePackWriter writer, int number, int arguments)
    {
        writer.WriteArrayHeader(1 + arguments);
        writer.Write((ulong)number);
    }

    private static void Write(MessagePackWriter writer, Bytes32 value)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        value.CopyTo(bytes);
        writer.Write(bytes);
    }

    private static Bytes32 ReadBytes32(ref MessagePackReader reader) =>
        Bytes32.FromBytes(reader.ReadBinaryExactly(Bytes32.Size));
}
