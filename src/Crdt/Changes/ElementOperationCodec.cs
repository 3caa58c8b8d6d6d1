using System.Buffers;
using System.Diagnostics;
using Replica.Crdt.Causality;
using Replica.Crdt.Encoding;
using Replica.Crdt.Tree;
using Replica.Crdt.Values;

namespace Replica.Crdt.Changes;

/// <summary>The arguments of operations on nodes and edges.</summary>
internal static class ElementOperationCodec
{
    /// <summary>How many arguments an operation has.</summary>
    public static int Arguments(Opcode code) => code switch
    {
        Opcode.Create or Opcode.Delete => 0,
        Opcode.SetType or Opcode.SetVector or Opcode.RemoveField => 1,
        Opcode.AddCounter => 3,
        _ => 2,
    };

    /// <summary>Writes the arguments.</summary>
    public static void Write(ArrayBufferWriter<byte> output, Operation operation)
    {
        var writer = new MessagePackWriter(output);
        switch (operation)
        {
            case Operation.Create or Operation.Delete:
                break;
            case Operation.SetType type:
                Names.Check(type.Type, "type");
                writer.Write(type.Type);
                break;
            case Operation.SetVector vector:
                WriteVector(writer, vector.Vector);
                break;
            case Operation.SetField set:
                WriteField(writer, set.Field);
                WriteValue(output, set.Field, set.Value);
                break;
            case Operation.RemoveField remove:
                WriteField(writer, remove.Field);
                break;
            case Operation.SetCounter set:
                WriteField(writer, set.Field);
                writer.Write(set.Value);
                break;
            case Operation.AddCounter add:
                WriteField(writer, add.Field);
                writer.Write(add.Delta);
                WriteBase(writer, add.Base);
                break;
            case Operation.AddToSet add:
                WriteField(writer, add.Field);
                WriteValue(output, add.Field, add.Value);
                break;
            case Operation.RemoveFromSet remove:
                WriteField(writer, remove.Field);
                WriteValue(output, remove.Field, remove.Value);
                break;
            case Operation.Move move:
                WriteMove(writer, move);
                break;
            default:
                throw new UnreachableException($"No operation {operation.GetType().Name} is written here.");
        }
    }

    /// <summary>Takes the arguments; their number was checked.</summary>
    public static Operation Read(ref MessagePackReader reader, Opcode code) => code switch
    {
        Opcode.Create => new Operation.Create(),
        Opcode.Delete => new Operation.Delete(),
        Opcode.SetType => new Operation.SetType(ReadName(ref reader)),
        Opcode.SetVector => new Operation.SetVector(ReadVector(ref reader)),
        Opcode.SetField => new Operation.SetField(ReadName(ref reader), ValueCodec.Read(ref reader)),
        Opcode.RemoveField => new Operation.RemoveField(ReadName(ref reader)),
        Opcode.SetCounter => new Operation.SetCounter(ReadName(ref reader), reader.ReadInt64()),
        Opcode.AddCounter => new Operation.AddCounter(ReadName(ref reader), reader.ReadInt64(), ReadBase(ref reader)),
        Opcode.AddToSet => new Operation.AddToSet(ReadName(ref reader), ValueCodec.Read(ref reader)),
        Opcode.RemoveFromSet => new Operation.RemoveFromSet(ReadName(ref reader), ValueCodec.Read(ref reader)),
        Opcode.Move => ReadMove(ref reader),
        _ => throw new UnreachableException($"No case for {code}."),
    };

    private static void WriteField(MessagePackWriter writer, string name)
    {
        Names.Check(name, "field name");
        writer.Write(name);
    }

    private static void WriteValue(ArrayBufferWriter<byte> output, string field, Value value)
    {
        var before = output.WrittenCount;
        ValueCodec.Write(new(output), value);
        var bytes = output.WrittenCount - before;
        if (bytes > ValueLimits.ValueBytesMax)
        {
            throw new EncodingException(
                $"The value of '{field}' takes {bytes} bytes; at most {ValueLimits.ValueBytesMax} are allowed: split it.");
        }
    }

    private static void WriteVector(MessagePackWriter writer, VectorBytes? vector)
    {
        if (vector is not { } numbers)
        {
            writer.WriteNil();
            return;
        }

        if (!VectorBytes.IsLength(numbers.Bytes.Length))
        {
            throw new EncodingException(
                $"A vector takes {numbers.Bytes.Length} bytes; 4 for each of 1 to {VectorBytes.LengthMax} numbers are allowed.");
        }

        writer.Write(numbers.Bytes.Span);
    }

    private static VectorBytes? ReadVector(ref MessagePackReader reader)
    {
        if (reader.TryReadNil())
        {
            return null;
        }

        var bytes = reader.ReadBinary(VectorBytes.LengthMax * sizeof(float));
        return VectorBytes.IsLength(bytes.Length)
            ? new VectorBytes(bytes.ToArray())
            : throw reader.Error($"a vector of {bytes.Length} bytes is not made of 32-bit floats");
    }

    private static void WriteBase(MessagePackWriter writer, OperationPlace? place)
    {
        if (place is not { } set)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteArrayHeader(4);
        writer.Write(set.Change.Log.Value);
        writer.Write(set.Change.Seq);
        writer.Write(set.Change.Head.Value);
        writer.Write((ulong)set.Index);
    }

    private static OperationPlace? ReadBase(ref MessagePackReader reader)
    {
        if (reader.TryReadNil())
        {
            return null;
        }

        reader.ReadArrayHeaderExactly(4);
        var log = LogId.FromBytes(reader.ReadBinaryExactly(LogId.Size));
        var seq = reader.ReadUInt64();
        if (seq is 0 or > ChangeLimits.SeqMax)
        {
            throw reader.Error($"a base names the change {seq}; 1 to {ChangeLimits.SeqMax} are allowed");
        }

        var head = HeadPrefix.FromBytes(reader.ReadBinaryExactly(HeadPrefix.Size));
        return new(new(log, seq, head), reader.ReadInt32(ChangeLimits.ChangeBytesMax));
    }

    private static void WriteMove(MessagePackWriter writer, Operation.Move move)
    {
        if (move.Parent is null)
        {
            writer.WriteNil();
        }
        else
        {
            Names.CheckId(move.Parent, "parent's id");
            writer.Write(move.Parent);
        }

        if (move.Position.IsNone)
        {
            throw new EncodingException("A move has no position: make one between its neighbours.");
        }

        writer.Write(move.Position.Bytes);
    }

    private static Operation.Move ReadMove(ref MessagePackReader reader)
    {
        string? parent = null;
        if (!reader.TryReadNil())
        {
            parent = reader.ReadString(ValueLimits.IdBytesMax);
            if (parent.Length == 0)
            {
                throw reader.Error("an id is empty");
            }
        }

        var position = reader.ReadBinary(TreePosition.BytesMax);
        return TreePosition.IsValid(position)
            ? new(parent, TreePosition.FromBytes(position))
            : throw reader.Error($"{position.Length} bytes are no position in the tree");
    }

    private static string ReadName(ref MessagePackReader reader) => reader.ReadString(ValueLimits.NameBytesMax);
}
