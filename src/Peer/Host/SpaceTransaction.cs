using System.Runtime.ExceptionServices;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Crdt.Values;
using Replica.Peer.Store;

namespace Replica.Peer.Host;

/// <summary>
/// A transaction while its body runs: it reads what is committed and its own writes, and becomes one change, or nothing if the
/// body throws. Only the body may use it, and only until it returns.
/// </summary>
public sealed class SpaceTransaction
{
    private ITransaction? _transaction;

    internal SpaceTransaction(ITransaction transaction) => _transaction = transaction;

    /// <summary>How many operations were added so far.</summary>
    public int Operations { get; private set; }

    /// <summary>The first fault of a step: the store may stand half-way through it, so nothing may be kept.</summary>
    internal ExceptionDispatchInfo? Fault { get; private set; }

    private ITransaction Open => _transaction
        ?? throw new InvalidOperationException("The transaction is over: its body has returned. Begin another one.");

    /// <summary>The node if it shows.</summary>
    public NodeSnapshot? GetNode(string id) => Step(transaction =>
    {
        var element = transaction.Read(new Target.Node(id));
        return element.IsAlive
            ? new NodeSnapshot(id, element.ShownType(transaction.View), FieldsOf(transaction, element))
            {
                Vector = element.Vector.Winner(transaction.View)?.Value is { } vector ? new VectorBytes(vector.AsBytes()) : null,
            }
            : null;
    });

    /// <summary>The edge if it shows.</summary>
    public EdgeSnapshot? GetEdge(Target.Edge edge) => ListEdges(edge.From, edge.Relation).FirstOrDefault(shown => shown.Edge == edge);

    /// <summary>The edges of one relation that leave a node and show, in order of to and key.</summary>
    public IReadOnlyList<EdgeSnapshot> ListEdges(string from, string relation) => Step<IReadOnlyList<EdgeSnapshot>>(transaction =>
    {
        if (!transaction.IsAlive(new Target.Node(from)))
        {
            return [];
        }

        var standing = transaction.AliveEdges(from, relation)
            .Where(edge => transaction.IsAlive(new Target.Node(edge.To)))
            .Select(edge => new StoredEdge(edge, default, transaction.Read(edge).Links.Winner(transaction.View)?.Stamp));
        var rivalry = new EdgeRivalry(transaction.IsToOne(relation) ? new HashSet<string> { relation } : [], transaction.View);
        return [.. rivalry.Shown(standing).Select(shown => new EdgeSnapshot(shown.Edge, FieldsOf(transaction, transaction.Read(shown.Edge))))];
    });

    /// <summary>Carries out one step; those after it, and what is read here, see it.</summary>
    /// <exception cref="ReplicaException">It is about something that does not exist, or breaks a limit; nothing of the transaction is kept.</exception>
    public void Write(Mutation mutation) => Operations += Step(transaction => Mutations.Apply(transaction, mutation));

    /// <summary>Makes the node or updates it: its presence and each field given.</summary>
    /// <param name="id">The node's id, 1 to 256 UTF-8 bytes.</param>
    /// <param name="type">Its type; null leaves the type as it is.</param>
    /// <param name="fields">The fields to set; each name once.</param>
    public void Put(string id, string? type, params IReadOnlyList<KeyValuePair<string, Value>> fields) =>
        Write(new Mutation.PutNode(id, type, fields));

    /// <summary>Sets one field of a node, which it makes.</summary>
    public void Set(string id, string field, Value value) => Put(id, null, new KeyValuePair<string, Value>(field, value));

    /// <summary>Adds to a counter of a node, which it makes. Concurrent adds all count.</summary>
    public void Add(string id, string field, long delta) => Write(new Mutation.AddCounter(new Target.Node(id), field, delta));

    /// <summary>Deletes a node that exists.</summary>
    public void Delete(string id) => Write(new Mutation.DeleteNode(id));

    /// <summary>Makes the edge or updates it; both nodes must exist.</summary>
    /// <param name="edge">From, relation, to and key.</param>
    /// <param name="fields">The fields to set; each name once.</param>
    public void Link(Target.Edge edge, params IReadOnlyList<KeyValuePair<string, Value>> fields) =>
        Write(new Mutation.LinkEdge(edge, fields, EndpointsRequired: true));

    /// <summary>Deletes an edge that exists.</summary>
    public void Unlink(Target.Edge edge) => Write(new Mutation.UnlinkEdge(edge));

    /// <summary>The kind of field that shows under a name.</summary>
    internal FieldKind KindOf(string id, string field) => Step(
        transaction => transaction.Read(new Target.Node(id)).FieldOf(field).Shown(transaction.View)?.Kind ?? FieldKind.None);

    /// <summary>From here on every use is refused.</summary>
    internal void End() => _transaction = null;

    private T Step<T>(Func<ITransaction, T> step)
    {
        var transaction = Open;
        Fault?.Throw();
        try
        {
            return Faults.Translate(() => step(transaction));
        }
        catch (Exception fault)
        {
            // The writer must learn the fault itself: one of the disk is not one of this transaction alone.
            Fault = ExceptionDispatchInfo.Capture(fault is ReplicaException { InnerException: { } cause } ? cause : fault);
            throw;
        }
    }

    private static KeyValuePair<string, Value>[] FieldsOf(ITransaction transaction, Element element) => [.. element.ShownFields(transaction.View)];
}
