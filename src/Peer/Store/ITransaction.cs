using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Crdt.Tree;
using Replica.Peer.Store.Tree;

namespace Replica.Peer.Store;

/// <summary>A local transaction while it is being made. It reads its own writes and commits as one change.</summary>
public interface ITransaction
{
    /// <summary>The device that writes.</summary>
    AuthorKey Author { get; }

    /// <summary>Roles and invitations as known here.</summary>
    RoleFold Roles { get; }

    /// <summary>What the next operation has in its past: everything applied here.</summary>
    OperationContext Past { get; }

    /// <summary>Orders what is read here.</summary>
    ICausalView View { get; }

    /// <summary>Whether the node or edge is alive, what was added here included.</summary>
    bool IsAlive(Target target);

    /// <summary>Whether one node shows one edge of the relation.</summary>
    bool IsToOne(string relation);

    /// <summary>The edges of a relation that leave a node and are alive, whether they show or not, in order of to and key.</summary>
    IReadOnlyList<Target.Edge> AliveEdges(string from, string relation);

    /// <summary>A copy of the node or edge as it is now, what was added here included.</summary>
    Element Read(Target target);

    /// <summary>Adds to a counter: to the set that shows here, or anew.</summary>
    /// <param name="target">The node or edge.</param>
    /// <param name="field">The field's name.</param>
    /// <param name="delta">What is added; sums wrap around at 64 bits.</param>
    void AddToCounter(Target target, string field, long delta);

    /// <summary>Adds one operation and merges it.</summary>
    /// <param name="target">What it is about.</param>
    /// <param name="operation">The operation.</param>
    /// <exception cref="ArgumentException">The operation can't be about this target, or isn't for a transaction to add.</exception>
    void Add(Target target, Operation operation);

    /// <summary>Places a node in the tree, which is a write on it: what is not alive comes to life.</summary>
    /// <param name="node">The node.</param>
    /// <param name="parent">The node that it comes under; null for the top.</param>
    /// <param name="place">Where among the children there.</param>
    /// <exception cref="PositionTooLongException">No position of the allowed length lies there: respace the children.</exception>
    MoveOutcome Move(string node, string? parent, MovePlace place);

    /// <summary>Moves a node to where it is: a new move that covers those seen here.</summary>
    /// <param name="node">The node.</param>
    /// <param name="parent">Where it must be; null for the top.</param>
    /// <returns>False if it is not under that parent; nothing is then done.</returns>
    bool TryStay(string node, string? parent);

    /// <summary>Gives the alive children of a node short positions in their present order.</summary>
    /// <param name="parent">The node; null for the top.</param>
    /// <returns>How many moves it took.</returns>
    int Respace(string? parent);
}
