using System.Buffers;
using System.Diagnostics;
using Replica.Crdt.Causality;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;

namespace Replica.Crdt.Changes;

/// <summary>Operations as <c>[opcode, argument, …]</c>. The page on the format has the table.</summary>
internal static class OperationCodec
{
    private const int OpcodeMax = 255;
    private const int FirstAdvisory = 128;

    public static void Write(ArrayBufferWriter<byte> output, Operation operation)
    {
        var writer = new MessagePackWriter(output);
        switch (operation)
        {
            case Operation.Header header:
                Names.Check(header.Name, "display name");
                Begin(writer, Opcode.Header, 3);
                Write(writer, header.Author);
                Span<byte> nonce = stackalloc byte[IncarnationNonce.Size];
                header.Nonce.CopyTo(nonce);
                writer.Write(nonce);
                writer.Write(header.Name);
                break;
            case Operation.Genesis:
                Begin(writer, Opcode.Genesis, 0);
                break;
            case Operation.Invite invite:
                Begin(writer, Opcode.Invite, 4);
                Write(writer, invite.Invitation);
                writer.Write((ulong)invite.Role);
                writer.Write(invite.Uses);
                writer.Write(invite.ExpiresUnixMilliseconds);
                break;
            case Operation.Cancel cancel:
                Begin(writer, Opcode.Cancel, 1);
                Write(writer, cancel.Invitation);
                break;
            case Operation.Admit admit:
                Names.Check(admit.Name, "display name");
                Begin(writer, Opcode.Admit, 5);
                Write(writer, admit.Invitation);
                Write(writer, admit.Device);
                writer.Write((ulong)admit.Role);
                writer.Write(admit.Name);
                writer.Write(admit.Signature.Bytes.Span);
                break;
            case Operation.Promote promote:
                Begin(writer, Opcode.Promote, 2);
                Write(writer, promote.Device);
                writer.Write((ulong)promote.Role);
                break;
            case Operation.Demote demote:
                Begin(writer, Opcode.Demote, 2);
                Write(writer, demote.Device);
                writer.Write((ulong)demote.Role);
                break;
            case Operation.Create:
                Begin(writer, Opcode.Create, 0);
                break;
            case Operation.Delete:
                Begin(writer, Opcode.Delete, 0);
                break;
            case Operation.SetType type:
                Names.Check(type.Type, "type");
                Begin(writer, Opcode.SetType, 1);
                writer.Write(type.Type);
                break;
            case Operation.SetField set:
                Names.Check(set.Field, "field name");
                Begin(writer, Opcode.SetField, 2);
                writer.Write(set.Field);
                var before = output.WrittenCount;
                ValueCodec.Write(writer, set.Value);
                CheckValue(set.Field, output.WrittenCount - before);
                break;
            case Operation.RemoveField remove:
                Names.Check(remove.Field, "field name");
                Begin(writer, Opcode.RemoveField, 1);
                writer.Write(remove.Field);
                break;
            default:
                throw new UnreachableException($"No operation {operation.GetType().Name} is written here.");
        }
    }

    /// <summary>Takes one operation that may stand at this place.</summary>
    /// <param name="reader">Stands before it.</param>
    /// <param name="target">What its group is about.</param>
    /// <param name="dot">The change.</param>
    /// <param name="index">The operation's place in the change.</param>
    /// <param name="unknown">Set to the number of a binding operation that this build doesn't know.</param>
    public static Operation Read(ref MessagePackReader reader, Target target, Dot dot, int index, ref int? unknown)
    {
        var arguments = reader.ReadArrayHeader(ValueLimits.ValueBytesMax) - 1;
        if (arguments < 0)
        {
            throw reader.Error("an operation has no number");
        }

        var code = reader.ReadInt32(OpcodeMax);
        if (!Enum.IsDefined((Opcode)code))
        {
            if (dot.Seq == 1 && index == 0)
            {
                throw reader.Error("a log does not start with a header");
            }

            for (var i = 0; i < arguments; i++)
            {
                _ = ValueCodec.Read(ref reader);
            }

            unknown ??= code < FirstAdvisory ? code : null;
            return new Operation.Advisory(code);
        }

        CheckPlace(reader, (Opcode)code, target, dot, index);
        var (operation, due) = ReadKnown(ref reader, (Opcode)code, arguments);
        return arguments == due ? operation : throw reader.Error($"the operation {code} has {arguments} arguments; {due} are due");
    }

    private static (Operation Operation, int Arguments) ReadKnown(ref MessagePackReader reader, Opcode code, int arguments)
    {
        // Fewer arguments than due are caught here, before the next group is mistaken for one; more of them after.
        var due = code switch
        {
            Opcode.Genesis or Opcode.Create or Opcode.Delete => 0,
            Opcode.Cancel or Opcode.SetType or Opcode.RemoveField => 1,
            Opcode.Promote or Opcode.Demote or Opcode.SetField => 2,
            Opcode.Header => 3,
            Opcode.Invite => 4,
            _ => 5,
        };
        if (arguments != due)
        {
            return (new Operation.Advisory((int)code), due);
        }

        Operation operation = code switch
        {
            Opcode.Header => new Operation.Header(
                ReadKey(ref reader),
                IncarnationNonce.FromBytes(reader.ReadBinaryExactly(IncarnationNonce.Size)),
                reader.ReadString(ValueLimits.NameBytesMax)),
            Opcode.Genesis => new Operation.Genesis(),
            Opcode.Invite => new Operation.Invite(ReadKey(ref reader), ReadRole(ref reader), reader.ReadUInt64(), reader.ReadUInt64()),
            Opcode.Cancel => new Operation.Cancel(ReadKey(ref reader)),
            Opcode.Admit => new Operation.Admit(
                ReadKey(ref reader),
                ReadKey(ref reader),
                ReadRole(ref reader),
                reader.ReadString(ValueLimits.NameBytesMax),
                new(reader.ReadBinaryExactly(SignatureBytes.Size).ToArray())),
            Opcode.Promote => new Operation.Promote(ReadKey(ref reader), ReadRole(ref reader)),
            Opcode.Demote => new Operation.Demote(ReadKey(ref reader), ReadRole(ref reader)),
            Opcode.Create => new Operation.Create(),
            Opcode.Delete => new Operation.Delete(),
            Opcode.SetType => new Operation.SetType(reader.ReadString(ValueLimits.NameBytesMax)),
            Opcode.SetField => new Operation.SetField(reader.ReadString(ValueLimits.NameBytesMax), ValueCodec.Read(ref reader)),
            Opcode.RemoveField => new Operation.RemoveField(reader.ReadString(ValueLimits.NameBytesMax)),
            _ => throw new UnreachableException($"No case for {code}."),
        };
        return (operation, due);
    }

    private static void CheckPlace(in MessagePackReader reader, Opcode code, Target target, Dot dot, int index)
    {
        var isFirst = dot.Seq == 1 && index == 0;
        if (isFirst != (code == Opcode.Header))
        {
            throw reader.Error("a header stands elsewhere than at the start of a log, or is missing there");
        }

        if (code == Opcode.Genesis && (dot.Seq != 1 || index != 1))
        {
            throw reader.Error("a genesis stands elsewhere than behind a header");
        }

        var fits = code switch
        {
            <= Opcode.Demote => target is Target.Space,
            Opcode.SetType => target is Target.Node,
            _ => target is not Target.Space,
        };
        if (!fits)
        {
            throw reader.Error($"the operation {(int)code} can't be about its target");
        }
    }

    private static void CheckValue(string field, int bytes)
    {
        if (bytes > ValueLimits.ValueBytesMax)
        {
            throw new EncodingException(
                $"The value of '{field}' takes {bytes} bytes; at most {ValueLimits.ValueBytesMax} are allowed: split it.");
        }
    }

    private static void Begin(MessagePackWriter writer, Opcode code, int arguments)
    {
        writer.WriteArrayHeader(arguments + 1);
        writer.Write((ulong)code);
    }

    private static void Write(MessagePackWriter writer, AuthorKey key)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        key.Value.CopyTo(bytes);
        writer.Write(bytes);
    }

    private static AuthorKey ReadKey(ref MessagePackReader reader) => AuthorKey.FromBytes(reader.ReadBinaryExactly(Bytes32.Size));

    private static Role ReadRole(ref MessagePackReader reader)
    {
        var role = reader.ReadInt32((int)Role.Admin);
        return role > 0 ? (Role)role : throw reader.Error("the role 0 gives nothing; 1 to 3 are allowed");
    }
}
