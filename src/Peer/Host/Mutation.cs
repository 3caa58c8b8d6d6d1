using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Crdt.Values;
using Replica.Peer.Store.Tree;

namespace Replica.Peer.Host;

/// <summary>One step of a transaction. The set of kinds is closed.</summary>
public abstract record Mutation
{
    private Mutation()
    {
    }

    /// <summary>Makes the node or updates it: its presence and each field given.</summary>
    /// <param name="Id">The node's id, 1 to 256 UTF-8 bytes.</param>
    /// <param name="Type">Its type; null leaves the type as it is.</param>
    /// <param name="Fields">The fields to set; each name once.</param>
    public sealed record PutNode(string Id, string? Type, IReadOnlyList<KeyValuePair<string, Value>> Fields) : Mutation
    {
        /// <summary>Its vector, 1 to 65,534 numbers; null leaves the vector as it is.</summary>
        public VectorBytes? Vector { get; init; }
    }

    /// <summary>Removes fields of a node or edge that exists.</summary>
    /// <param name="Target">The node or edge.</param>
    /// <param name="Fields">The names; one that is not there is passed over.</param>
    public sealed record RemoveFields(Target Target, IReadOnlyList<string> Fields) : Mutation;

    /// <summary>Deletes a node that exists.</summary>
    /// <param name="Id">The node's id.</param>
    public sealed record DeleteNode(string Id) : Mutation;

    /// <summary>Makes the edge or updates it.</summary>
    /// <param name="Edge">From, relation, to and key.</param>
    /// <param name="Fields">The fields to set; each name once.</param>
    /// <param name="EndpointsRequired">Whether both nodes must exist; an edge to an absent node is kept but hidden.</param>
    public sealed record LinkEdge(
        Target.Edge Edge, IReadOnlyList<KeyValuePair<string, Value>> Fields, bool EndpointsRequired) : Mutation;

    /// <summary>Deletes an edge that exists.</summary>
    /// <param name="Edge">From, relation, to and key.</param>
    public sealed record UnlinkEdge(Target.Edge Edge) : Mutation;

    /// <summary>Sets or removes the vector of a node; setting makes the node.</summary>
    /// <param name="Id">The node's id.</param>
    /// <param name="Vector">1 to 65,534 numbers; null removes the vector.</param>
    public sealed record SetVector(string Id, VectorBytes? Vector) : Mutation;

    /// <summary>Sets a counter field of a node, which it makes, or of an edge that exists.</summary>
    /// <param name="Target">The node or edge.</param>
    /// <param name="Field">The field's name.</param>
    /// <param name="Value">Its value.</param>
    public sealed record SetCounter(Target Target, string Field, long Value) : Mutation;

    /// <summary>Adds to a counter field of a node, which it makes, or of an edge that exists. Concurrent adds all count.</summary>
    /// <param name="Target">The node or edge.</param>
    /// <param name="Field">The field's name.</param>
    /// <param name="Delta">What is added; sums wrap around at 64 bits.</param>
    public sealed record AddCounter(Target Target, string Field, long Delta) : Mutation;

    /// <summary>Puts a value into a set field of a node, which it makes, or of an edge that exists.</summary>
    /// <param name="Target">The node or edge.</param>
    /// <param name="Field">The field's name.</param>
    /// <param name="Value">The value; no set itself.</param>
    public sealed record AddToSet(Target Target, string Field, Value Value) : Mutation;

    /// <summary>Takes a value out of a set field of a node or edge that exists; a concurrent addition stays.</summary>
    /// <param name="Target">The node or edge.</param>
    /// <param name="Field">The field's name.</param>
    /// <param name="Value">The value.</param>
    public sealed record RemoveFromSet(Target Target, string Field, Value Value) : Mutation;

    /// <summary>Says how many edges of a relation one node shows.</summary>
    /// <param name="Relation">The relation.</param>
    /// <param name="Cardinality">How many. Linking in a to-one relation then takes the place of the edge before.</param>
    public sealed record Declare(string Relation, Cardinality Cardinality) : Mutation;

    /// <summary>Settles a conflict by a new write that covers all that is seen here.</summary>
    /// <param name="Target">The node or edge; for a relation the edge that is to stay, for a move the node.</param>
    /// <param name="Place">What of it.</param>
    /// <param name="Name">The field's name; else empty.</param>
    /// <param name="Kind">The kind of field that is to show.</param>
    /// <param name="Value">
    /// What is to show; null removes a field or vector. Nothing is asked for a relation. For a move a reference to the
    /// parent, null for the top; where the node is there already, it stays in its place.
    /// </param>
    public sealed record Resolve(Target Target, ConflictPlace Place, string Name, FieldKind Kind, Value? Value) : Mutation
    {
        /// <summary>The kind of field that a value settles for: a set and a counter as they are exported say it, all else is a register.</summary>
        public static FieldKind KindOf(Value? value) => value?.Kind switch
        {
            ValueKind.Set => FieldKind.Set,
            ValueKind.Counter => FieldKind.Counter,
            _ => FieldKind.Register,
        };
    }

    /// <summary>Raises the format level of the space, for good: replicas that don't know it hold all that comes after. Only an admin may.</summary>
    /// <param name="Level">The level; one that is reached already changes nothing.</param>
    public sealed record RaiseLevel(int Level) : Mutation;

    /// <summary>Places a node in the tree. It must exist, and so must the parent; a move under itself is refused.</summary>
    /// <param name="Id">The node's id.</param>
    /// <param name="Parent">The node that it comes under; null for the top.</param>
    /// <param name="Place">Where among the children there.</param>
    public sealed record MoveNode(string Id, string? Parent, MovePlace Place) : Mutation;

    /// <summary>Gives the children of a node short positions in their present order: one change, whole or not at all.</summary>
    /// <param name="Parent">The node; null for those at the top.</param>
    public sealed record Respace(string? Parent) : Mutation;
}
