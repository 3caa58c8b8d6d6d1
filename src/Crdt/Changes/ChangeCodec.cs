using System.Buffers;
using Replica.Crdt.Causality;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;

namespace Replica.Crdt.Changes;

/// <summary>Changes as canonical MessagePack: <c>[1, log, seq, hlc, deps, [[target, [[opcode, arg…], …]], …]]</c>.</summary>
public static class ChangeCodec
{
    private const ulong FormatVersion = 1;
    private const int ChangeParts = 6;

    /// <summary>Makes a change and its bytes.</summary>
    /// <exception cref="ChangeTooLongException">The change is longer than a change may be.</exception>
    /// <exception cref="EncodingException">A name or value in it breaks a limit.</exception>
    public static Change Encode(
        Dot dot, HybridTimestamp time, IReadOnlyList<Position> deps, IReadOnlyList<OperationGroup> groups)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(6);
        writer.Write(FormatVersion);
        writer.Write(dot.Log.Value);
        writer.Write(dot.Seq);
        writer.Write(time.Value);
        writer.WriteArrayHeader(deps.Count);
        foreach (var dep in deps)
        {
            PositionCodec.Write(writer, dep);
        }

        writer.WriteArrayHeader(groups.Count);
        foreach (var group in groups)
        {
            writer.WriteArrayHeader(2);
            WriteTarget(writer, group.Target);
            writer.WriteArrayHeader(group.Operations.Count);
            foreach (var operation in group.Operations)
            {
                OperationCodec.Write(buffer, operation);
            }
        }

        return buffer.WrittenCount <= ChangeLimits.ChangeBytesMax
            ? new(dot, time, deps, groups, buffer.WrittenMemory)
            : throw new ChangeTooLongException(buffer.WrittenCount);
    }

    /// <summary>Reads a change and checks everything that its bytes alone can show.</summary>
    /// <param name="bytes">Exactly the change; kept, not copied.</param>
    /// <exception cref="EncodingException">The bytes are not canonical or break a limit.</exception>
    /// <exception cref="UnknownFormatException">They are of a newer format.</exception>
    /// <exception cref="UnknownOperationException">They hold a binding operation that this build doesn't know.</exception>
    public static Change Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new MessagePackReader(bytes.Span);
        if (bytes.Length > ChangeLimits.ChangeBytesMax)
        {
            throw reader.Error($"a change takes {bytes.Length} bytes; at most {ChangeLimits.ChangeBytesMax} are allowed");
        }

        // A newer format may have other parts: its number is looked at before their count.
        var parts = reader.ReadArrayHeader(ChangeLimits.ChangeBytesMax);
        var version = reader.ReadUInt64();
        if (version != FormatVersion)
        {
            throw version > FormatVersion ? new UnknownFormatException(version, FormatVersion) : reader.Error("there is no format 0; formats count from 1");
        }

        if (parts != ChangeParts)
        {
            throw reader.Error($"a change has {parts} parts; {ChangeParts} are due");
        }

        var log = LogId.FromBytes(reader.ReadBinaryExactly(LogId.Size));
        var seq = reader.ReadUInt64();
        if (seq is 0 or > ChangeLimits.SeqMax)
        {
            throw reader.Error($"the number {seq} is none of a change; 1 to {ChangeLimits.SeqMax} are allowed");
        }

        var time = new HybridTimestamp(reader.ReadUInt64());
        var deps = ReadDeps(ref reader, log);
        var dot = new Dot(log, seq);
        int? unknown = null;
        var groups = ReadGroups(ref reader, dot, ref unknown);
        reader.ReadEnd();
        var change = new Change(dot, time, deps, groups, bytes);
        return unknown is { } opcode ? throw new UnknownOperationException(opcode, change) : change;
    }

    private static Position[] ReadDeps(ref MessagePackReader reader, LogId own)
    {
        var deps = new Position[reader.ReadArrayHeader(ChangeLimits.DepsMax)];
        for (var i = 0; i < deps.Length; i++)
        {
            deps[i] = PositionCodec.Read(ref reader);
            if (deps[i].Log == own || deps[i].Seq == 0)
            {
                throw reader.Error("a dep names the change's own log or an empty one");
            }

            if (i > 0 && deps[i - 1].CompareTo(deps[i]) >= 0)
            {
                throw reader.Error("the deps are not strictly ascending");
            }
        }

        return deps;
    }

    private static OperationGroup[] ReadGroups(ref MessagePackReader reader, Dot dot, ref int? unknown)
    {
        var groups = new OperationGroup[reader.ReadArrayHeader(ChangeLimits.ChangeBytesMax)];
        var index = 0;
        for (var g = 0; g < groups.Length; g++)
        {
            reader.ReadArrayHeaderExactly(2);
            var target = ReadTarget(ref reader);
            var operations = new Operation[reader.ReadArrayHeader(ChangeLimits.ChangeBytesMax)];
            if (operations.Length == 0)
            {
                throw reader.Error("a group has no operation");
            }

            for (var i = 0; i < operations.Length; i++)
            {
                operations[i] = OperationCodec.Read(ref reader, target, dot, index++, ref unknown);
            }

            groups[g] = new(target, operations);
        }

        return index > 0 ? groups : throw reader.Error("a change has no operation");
    }

    private static void WriteTarget(MessagePackWriter writer, Target target)
    {
        switch (target)
        {
            case Target.Space:
                writer.WriteNil();
                break;
            case Target.Node node:
                Names.CheckId(node.Id, "node id");
                writer.Write(node.Id);
                break;
            case Target.Edge edge:
                Names.CheckId(edge.From, "edge's from");
                Names.Check(edge.Relation, "relation");
                Names.CheckId(edge.To, "edge's to");
                Names.Check(edge.Key, "edge key");
                writer.WriteArrayHeader(4);
                writer.Write(edge.From);
                writer.Write(edge.Relation);
                writer.Write(edge.To);
                writer.Write(edge.Key);
                break;
        }
    }

    private static Target ReadTarget(ref MessagePackReader reader)
    {
        switch (reader.NextType())
        {
            case MessagePackType.Nil:
                _ = reader.TryReadNil();
                return Target.Space.Instance;
            case MessagePackType.String:
                return new Target.Node(ReadId(ref reader));
            default:
                reader.ReadArrayHeaderExactly(4);
                return new Target.Edge(
                    ReadId(ref reader),
                    reader.ReadString(ValueLimits.NameBytesMax),
                    ReadId(ref reader),
                    reader.ReadString(ValueLimits.NameBytesMax));
        }
    }

    private static string ReadId(ref MessagePackReader reader)
    {
        var id = reader.ReadString(ValueLimits.IdBytesMax);
        return id.Length > 0 ? id : throw reader.Error("an id is empty");
    }
}
