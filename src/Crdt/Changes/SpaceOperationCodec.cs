using System.Diagnostics;
using Replica.Crdt.Causality;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;

namespace Replica.Crdt.Changes;

/// <summary>The arguments of operations on the space.</summary>
internal static class SpaceOperationCodec
{
    /// <summary>How many arguments an operation has.</summary>
    public static int Arguments(Opcode code) => code switch
    {
        Opcode.Genesis => 0,
        Opcode.Cancel or Opcode.Raise => 1,
        Opcode.Promote or Opcode.Demote or Opcode.Declare => 2,
        Opcode.Header => 3,
        Opcode.Invite => 4,
        _ => 5,
    };

    /// <summary>Writes the arguments.</summary>
    public static void Write(MessagePackWriter writer, Operation operation)
    {
        switch (operation)
        {
            case Operation.Header header:
                Names.Check(header.Name, "display name");
                Write(writer, header.Author);
                Span<byte> nonce = stackalloc byte[IncarnationNonce.Size];
                header.Nonce.CopyTo(nonce);
                writer.Write(nonce);
                writer.Write(header.Name);
                break;
            case Operation.Genesis:
                break;
            case Operation.Invite invite:
                Write(writer, invite.Invitation);
                writer.Write((ulong)invite.Role);
                writer.Write(invite.Uses);
                writer.Write(invite.ExpiresUnixMilliseconds);
                break;
            case Operation.Cancel cancel:
                Write(writer, cancel.Invitation);
                break;
            case Operation.Admit admit:
                Names.Check(admit.Name, "display name");
                Write(writer, admit.Invitation);
                Write(writer, admit.Device);
                writer.Write((ulong)admit.Role);
                writer.Write(admit.Name);
                writer.Write(admit.Signature.Bytes.Span);
                break;
            case Operation.Promote promote:
                Write(writer, promote.Device);
                writer.Write((ulong)promote.Role);
                break;
            case Operation.Demote demote:
                Write(writer, demote.Device);
                writer.Write((ulong)demote.Role);
                break;
            case Operation.Declare declare:
                Names.Check(declare.Relation, "relation");
                writer.Write(declare.Relation);
                writer.Write((ulong)declare.Cardinality);
                break;
            case Operation.Raise raise:
                writer.Write((ulong)raise.Level);
                break;
            default:
                throw new UnreachableException($"No operation {operation.GetType().Name} is written here.");
        }
    }

    /// <summary>Takes the arguments; their number was checked.</summary>
    public static Operation Read(ref MessagePackReader reader, Opcode code) => code switch
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
        Opcode.Declare => new Operation.Declare(
            reader.ReadString(ValueLimits.NameBytesMax), (Cardinality)reader.ReadInt32((int)Cardinality.ToOne)),
        Opcode.Raise => new Operation.Raise(ReadLevel(ref reader)),
        _ => throw new UnreachableException($"No case for {code}."),
    };

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

    private static int ReadLevel(ref MessagePackReader reader)
    {
        var level = reader.ReadInt32(int.MaxValue);
        return level > 0 ? level : throw reader.Error("there is no format level 0; levels count from 1");
    }
}
