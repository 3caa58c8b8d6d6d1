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
        var code = CodeOf(operation);
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(Arguments(code) + 1);
        writer.Write((ulong)code);
        if (IsOnSpace(code))
        {
            SpaceOperationCodec.Write(writer, operation);
        }
        else
        {
            ElementOperationCodec.Write(output, operation);
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
        if (!IsKnown((Opcode)code))
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
        var due = Arguments((Opcode)code);
        if (arguments != due)
        {
            throw reader.Error($"the operation {code} has {arguments} arguments; {due} are due");
        }

        return IsOnSpace((Opcode)code)
            ? SpaceOperationCodec.Read(ref reader, (Opcode)code)
            : ElementOperationCodec.Read(ref reader, (Opcode)code);
    }

    private static bool IsKnown(Opcode code) =>
        code is (>= Opcode.Header and <= Opcode.Raise) or (>= Opcode.Create and <= Opcode.Move);

    private static bool IsOnSpace(Opcode code) => code <= Opcode.Raise;

    private static int Arguments(Opcode code) =>
        IsOnSpace(code) ? SpaceOperationCodec.Arguments(code) : ElementOperationCodec.Arguments(code);

    private static Opcode CodeOf(Operation operation) => operation switch
    {
        Operation.Header => Opcode.Header,
        Operation.Genesis => Opcode.Genesis,
        Operation.Invite => Opcode.Invite,
        Operation.Cancel => Opcode.Cancel,
        Operation.Admit => Opcode.Admit,
        Operation.Promote => Opcode.Promote,
        Operation.Demote => Opcode.Demote,
        Operation.Declare => Opcode.Declare,
        Operation.Raise => Opcode.Raise,
        Operation.Create => Opcode.Create,
        Operation.Delete => Opcode.Delete,
        Operation.SetType => Opcode.SetType,
        Operation.SetVector => Opcode.SetVector,
        Operation.SetField => Opcode.SetField,
        Operation.RemoveField => Opcode.RemoveField,
        Operation.SetCounter => Opcode.SetCounter,
        Operation.AddCounter => Opcode.AddCounter,
        Operation.AddToSet => Opcode.AddToSet,
        Operation.RemoveFromSet => Opcode.RemoveFromSet,
        Operation.Move => Opcode.Move,
        _ => throw new UnreachableException($"No operation {operation.GetType().Name} is written here."),
    };

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
            <= Opcode.Raise => target is Target.Space,
            Opcode.SetType or Opcode.SetVector or Opcode.Move => target is Target.Node,
            _ => target is not Target.Space,
        };
        if (!fits)
        {
            throw reader.Error($"the operation {(int)code} can't be about its target");
        }
    }
}
