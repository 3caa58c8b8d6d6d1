using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;
using Replica.Peer.Store;

namespace Replica.Peer.Host;

/// <summary>Carries out mutations of vectors, counters and sets, and settles conflicts.</summary>
internal static class FieldMutations
{
    public static int SetVector(ITransaction transaction, Mutation.SetVector set)
    {
        Names.CheckId(set.Id, "node id");
        return SetVector(transaction, new Target.Node(set.Id), set.Vector);
    }

    public static int SetVector(ITransaction transaction, Target.Node node, VectorBytes? vector)
    {
        if (vector is { } numbers && !VectorBytes.IsLength(numbers.Bytes.Length))
        {
            throw new EncodingException(
                $"The vector has {numbers.Bytes.Length} bytes; 4 for each of 1 to {VectorBytes.LengthMax} numbers are allowed.");
        }

        return Add(transaction, node, new Operation.SetVector(vector));
    }

    public static int AddCounter(ITransaction transaction, Mutation.AddCounter add)
    {
        CheckTarget(transaction, add.Target);
        transaction.AddToCounter(add.Target, add.Field, add.Delta);
        return 1;
    }

    /// <summary>One operation on a node, which it makes if need be, or on an edge, which must exist.</summary>
    public static int Write(ITransaction transaction, Target target, Operation operation)
    {
        CheckTarget(transaction, target);
        return Add(transaction, target, operation);
    }

    /// <summary>Writes anew what is to show, in a way that covers all that is seen here.</summary>
    public static int Resolve(ITransaction transaction, Mutation.Resolve resolve)
    {
        var target = resolve.Target;
        Mutations.RequireAlive(transaction, target);
        return resolve.Place switch
        {
            ConflictPlace.Type => Add(transaction, target, new Operation.SetType(TextOf(resolve.Value))),
            ConflictPlace.Vector => Add(transaction, target, new Operation.SetVector(VectorOf(resolve.Value))),
            ConflictPlace.Field => ResolveField(transaction, resolve),
            ConflictPlace.Move => target is Target.Node node
                ? Mutations.ResolveMove(transaction, node.Id, ParentOf(resolve.Value))
                : throw new EncodingException("A place in the tree is a node's: name that node."),
            _ => target is Target.Edge edge
                ? Mutations.Link(transaction, new(edge, [], EndpointsRequired: false))
                : throw new EncodingException("A relation is settled by the edge that is to stay: name that edge."),
        };
    }

    private static int ResolveField(ITransaction transaction, Mutation.Resolve resolve)
    {
        var (target, name) = (resolve.Target, resolve.Name);
        var field = transaction.Read(target).FieldOf(name);
        var hasOthers = (resolve.Kind != FieldKind.Register && !field.Register.IsEmpty)
            || (resolve.Kind != FieldKind.Counter && field.Counter is not null)
            || field.Set is not null;
        if (resolve.Value is not { } value)
        {
            return Add(transaction, target, new Operation.RemoveField(name));
        }

        // A write covers its own kind only; a removal covers all.
        var count = hasOthers ? Add(transaction, target, new Operation.RemoveField(name)) : 0;
        return count + (resolve.Kind, value.Kind) switch
        {
            (FieldKind.Counter, ValueKind.Integer) => Add(transaction, target, new Operation.SetCounter(name, value.AsInteger())),
            (FieldKind.Counter, ValueKind.Counter) => Add(transaction, target, new Operation.SetCounter(name, value.AsCounter())),
            (FieldKind.Set, ValueKind.Set) => value.AsSet().Sum(item => Add(transaction, target, new Operation.AddToSet(name, item))),
            (FieldKind.Register, not (ValueKind.Set or ValueKind.Counter)) => Add(transaction, target, new Operation.SetField(name, value)),
            _ => throw new EncodingException($"A {value.Kind} can't settle a {resolve.Kind}: give a value of its kind."),
        };
    }

    private static void CheckTarget(ITransaction transaction, Target target)
    {
        if (target is Target.Node node)
        {
            Names.CheckId(node.Id, "node id");
        }
        else
        {
            Mutations.RequireAlive(transaction, target);
        }
    }

    private static string TextOf(Value? value) => value is { Kind: ValueKind.String } text
        ? text.AsString()
        : throw new EncodingException("A type is a text: give one.");

    private static string? ParentOf(Value? value) => value switch
    {
        null or { Kind: ValueKind.Null } => null,
        { Kind: ValueKind.NodeReference } parent => parent.AsNodeReference(),
        _ => throw new EncodingException("A move is settled by a reference to the parent, or by nothing for the top."),
    };

    private static VectorBytes? VectorOf(Value? value) => value switch
    {
        null => null,
        { Kind: ValueKind.Bytes } bytes => new VectorBytes(bytes.AsBytes()),
        _ => throw new EncodingException("A vector is settled by its bytes: 32-bit floats, little-endian."),
    };

    private static int Add(ITransaction transaction, Target target, Operation operation)
    {
        transaction.Add(target, operation);
        return 1;
    }
}
