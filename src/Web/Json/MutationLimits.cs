using System.Buffers;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.Peer.Store.Tree;

namespace Replica.Web.Json;

/// <summary>The limits of the format, checked on a mutation before it travels, so that the fault can be named by its line.</summary>
public static class MutationLimits
{
    /// <summary>Refuses ids and names that are empty or too long, and values that are too long or too deep.</summary>
    /// <exception cref="EncodingException">The mutation is outside a limit; the message names it.</exception>
    public static void Check(Mutation mutation)
    {
        switch (mutation)
        {
            case Mutation.PutNode put:
                Names.CheckId(put.Id, "node id");
                Names.Check(put.Type ?? "", "type");
                CheckFields(put.Fields);
                break;
            case Mutation.LinkEdge link:
                CheckEdge(link.Edge);
                CheckFields(link.Fields);
                break;
            case Mutation.UnlinkEdge unlink:
                CheckEdge(unlink.Edge);
                break;
            case Mutation.DeleteNode delete:
                Names.CheckId(delete.Id, "node id");
                break;
            case Mutation.MoveNode move:
                Names.CheckId(move.Id, "node id");
                CheckParent(move.Parent);
                if (move.Place is MovePlace.After after)
                {
                    Names.CheckId(after.Sibling, "sibling's id");
                }

                break;
            case Mutation.Respace respace:
                CheckParent(respace.Parent);
                break;
            case Mutation.SetCounter set:
                CheckField(set.Target, set.Field, default);
                break;
            case Mutation.AddCounter add:
                CheckField(add.Target, add.Field, default);
                break;
            case Mutation.AddToSet add:
                CheckField(add.Target, add.Field, add.Value);
                break;
            case Mutation.RemoveFromSet remove:
                CheckField(remove.Target, remove.Field, remove.Value);
                break;
            case Mutation.Resolve resolve:
                CheckField(resolve.Target, resolve.Name, resolve.Value is { Kind: not (ValueKind.Set or ValueKind.Counter) } value ? value : default);
                break;
            case Mutation.SetVector set:
                Names.CheckId(set.Id, "node id");
                break;
            case Mutation.Declare declare:
                Names.Check(declare.Relation, "relation");
                break;
            case Mutation.RemoveFields remove:
                CheckTarget(remove.Target);
                foreach (var field in remove.Fields)
                {
                    Names.Check(field, "field name");
                }

                break;
        }
    }

    private static void CheckField(Target target, string field, Value value)
    {
        CheckTarget(target);
        CheckFields([new(field, value)]);
    }

    private static void CheckTarget(Target target)
    {
        if (target is Target.Edge edge)
        {
            CheckEdge(edge);
        }
        else
        {
            Names.CheckId(((Target.Node)target).Id, "node id");
        }
    }

    private static void CheckParent(string? parent)
    {
        if (parent is not null)
        {
            Names.CheckId(parent, "parent's id");
        }
    }

    private static void CheckEdge(Target.Edge edge)
    {
        Names.CheckId(edge.From, "edge's from");
        Names.Check(edge.Relation, "relation");
        Names.CheckId(edge.To, "edge's to");
        Names.Check(edge.Key, "edge's key");
    }

    private static void CheckFields(IReadOnlyList<KeyValuePair<string, Value>> fields)
    {
        foreach (var (name, value) in fields)
        {
            Names.Check(name, "field name");
            if (value.Kind is ValueKind.Array or ValueKind.Map || IsLong(value))
            {
                CheckValue(name, value);
            }
            else if (value.Kind == ValueKind.NodeReference)
            {
                Names.CheckId(value.AsNodeReference(), "node reference");
            }
        }
    }

    private static bool IsLong(Value value) => value.Kind switch
    {
        ValueKind.String => value.AsString().Length > ValueLimits.ValueBytesMax / 4,
        ValueKind.Bytes => value.AsBytes().Length > ValueLimits.ValueBytesMax / 4,
        _ => false,
    };

    private static void CheckValue(string name, Value value)
    {
        try
        {
            var buffer = new ArrayBufferWriter<byte>();
            ValueCodec.Write(new MessagePackWriter(buffer), value);
            var reader = new MessagePackReader(buffer.WrittenMemory.Span);
            _ = ValueCodec.Read(ref reader);
        }
        catch (EncodingException fault)
        {
            throw new EncodingException($"Field '{name}': {fault.Message}");
        }
    }
}
