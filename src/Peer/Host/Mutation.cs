using Replica.Crdt.Changes;
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
    public sealed record PutNode(string Id, string? Type, IReadOnlyList<KeyValuePair<string, Value>> Fields) : Mutation;

    /// <summary>Removes fields of a node that exists.</summary>
    /// <param name="Id">The node's id.</param>
    /// <param name="Fields">The names; one that is not there is passed over.</param>
    public sealed record RemoveFields(string Id, IReadOnlyList<string> Fields) : Mutation;

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

    /// <summary>Places a node in the tree. It must exist, and so must the parent; a move under itself is refused.</summary>
    /// <param name="Id">The node's id.</param>
    /// <param name="Parent">The node that it comes under; null for the top.</param>
    /// <param name="Place">Where among the children there.</param>
    public sealed record MoveNode(string Id, string? Parent, MovePlace Place) : Mutation;

    /// <summary>Gives the children of a node short positions in their present order: one change, whole or not at all.</summary>
    /// <param name="Parent">The node; null for those at the top.</param>
    public sealed record Respace(string? Parent) : Mutation;
}
