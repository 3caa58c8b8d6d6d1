using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Crdt.Values;
using Replica.Peer.Host.Queries;
using Replica.Peer.Host.Typed;

namespace Replica.Peer.Host;

/// <summary>The nodes of one type as records of the application's own. Any thread may call; keep one for each type.</summary>
/// <remarks>
/// The property <c>Id</c> names the node, each other property is a field of the name that it has in JSON; null is no field. Only
/// fields that differ are written, so concurrent edits of others stay. A set (<see cref="HashSet{T}"/>, <see cref="ISet{T}"/>)
/// is kept as a set, in which concurrent additions all stay; a number that is a counter already is added to. Fields that the type
/// does not name stay as they are.
/// </remarks>
/// <typeparam name="T">The record.</typeparam>
public sealed class NodeSet<T>
    where T : class
{
    private readonly ReplicaSpace _space;
    private readonly RecordShape<T> _shape;

    internal NodeSet(ReplicaSpace space, JsonTypeInfo<T> info, string type)
    {
        Names.Check(type, "type");
        _space = space;
        _shape = new(info);
        Type = type;
    }

    /// <summary>The type of its nodes.</summary>
    public string Type { get; }

    /// <summary>The record of an id; nothing if no node of this type shows there.</summary>
    /// <exception cref="ReplicaException">The node does not fit the record (<c>REPLICA_SHAPE</c>).</exception>
    public async ValueTask<T?> GetAsync(string id, CancellationToken cancellationToken = default) =>
        Make(await _space.GetNodeAsync(id, cancellationToken));

    /// <summary>All records, from one snapshot, by id. Enumerate to the end or dispose soon.</summary>
    /// <exception cref="ReplicaException">A node does not fit the record (<c>REPLICA_SHAPE</c>).</exception>
    public async IAsyncEnumerable<T> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var node in _space.ListNodesAsync(new() { Type = Type }, cancellationToken))
        {
            yield return Make(node)!;
        }
    }

    /// <summary>All records, then those that differ: see <see cref="ReplicaSpace.WatchNodesAsync"/>.</summary>
    /// <exception cref="ReplicaException">A node does not fit the record (<c>REPLICA_SHAPE</c>), or there are too many.</exception>
    public async IAsyncEnumerable<LiveUpdate<string, T>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var update in _space.WatchNodesAsync(new() { Type = Type }, cancellationToken))
        {
            yield return new(
                update.IsFirst,
                [.. update.Differences.Select(difference => new LiveDifference<string, T>(difference.Kind, difference.Key, Make(difference.Item)))],
                null);
        }
    }

    /// <summary>Makes the node of a record or updates it.</summary>
    /// <param name="record">What it is to show.</param>
    /// <param name="before">What it was made from: only what differs from that is written. Null compares with what shows.</param>
    /// <param name="cancellationToken">Gives up waiting for the writer.</param>
    /// <exception cref="ReplicaException">The record has no id or breaks a limit, or as with <see cref="ReplicaSpace.WriteAsync"/>.</exception>
    public Task<ChangeReceipt> PutAsync(T record, T? before = null, CancellationToken cancellationToken = default) =>
        _space.TransactAsync(transaction => Put(transaction, record, before), cancellationToken);

    /// <summary>Reads a record, changes it and writes what differs, as one transaction.</summary>
    /// <param name="id">Which.</param>
    /// <param name="change">Gives what it is to show; runs on the writer, so it must be quick.</param>
    /// <param name="cancellationToken">Gives up waiting for the writer.</param>
    /// <exception cref="ReplicaException">There is none (<c>REPLICA_NOT_FOUND</c>), or as with <see cref="PutAsync"/>.</exception>
    public Task<ChangeReceipt> UpdateAsync(string id, Func<T, T> change, CancellationToken cancellationToken = default) => _space.TransactAsync(
        transaction =>
        {
            var before = Get(transaction, id)
                ?? throw new ReplicaException("REPLICA_NOT_FOUND", $"There is no {Type} '{id}': check the spelling, or make it first.");
            Put(transaction, change(before), before);
        },
        cancellationToken);

    /// <summary>Deletes the node of an id.</summary>
    /// <exception cref="ReplicaException">There is none (<c>REPLICA_NOT_FOUND</c>).</exception>
    public Task<ChangeReceipt> DeleteAsync(string id, CancellationToken cancellationToken = default) =>
        _space.TransactAsync(transaction => transaction.Delete(id), cancellationToken);

    /// <summary>The record of an id inside a transaction; nothing if no node of this type shows there.</summary>
    public T? Get(SpaceTransaction transaction, string id) => Make(transaction.GetNode(id));

    /// <summary>Makes the node of a record or updates it, inside a transaction.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="record">What it is to show.</param>
    /// <param name="before">What it was made from: only what differs from that is written. Null compares with what shows.</param>
    public void Put(SpaceTransaction transaction, T record, T? before = null)
    {
        var (id, due) = Faults.Translate(() => _shape.Read(record));
        var node = transaction.GetNode(id);
        var shown = node?.Fields.ToDictionary() ?? [];
        var was = before is not null ? Faults.Translate(() => _shape.Read(before)).Fields : Known(id, shown);
        var registers = new List<KeyValuePair<string, Value>>();
        var steps = new List<Mutation>();
        foreach (var field in _shape.Fields)
        {
            Value? wanted = due.TryGetValue(field.Name, out var value) ? value : null;
            Value? known = was.TryGetValue(field.Name, out var old) ? old : null;
            Value? now = shown.TryGetValue(field.Name, out var present) ? present : null;
            if (wanted != known || (node is null && wanted is not null))
            {
                Write(new(id), field, wanted, node is null ? null : known, now, transaction.KindOf(id, field.Name), registers, steps);
            }
        }

        var type = node?.Type == Type ? null : Type;
        if (type is not null || registers.Count > 0)
        {
            // First: the steps need the node.
            transaction.Write(new Mutation.PutNode(id, type, registers));
        }

        steps.ForEach(transaction.Write);
    }

    private static void Write(
        Target.Node node, FieldShape field, Value? wanted, Value? known, Value? now, FieldKind kind,
        List<KeyValuePair<string, Value>> registers, List<Mutation> steps)
    {
        if (wanted is not { } value)
        {
            if (now is not null)
            {
                steps.Add(new Mutation.RemoveFields(node, [field.Name]));
            }
        }
        else if (value.Kind == ValueKind.Set)
        {
            if (now is not null && kind != FieldKind.Set)
            {
                steps.Add(new Mutation.RemoveFields(node, [field.Name]));
            }

            var before = known is { Kind: ValueKind.Set } set && kind == FieldKind.Set ? set.AsSet() : [];
            steps.AddRange(before.Except(value.AsSet()).Select(item => new Mutation.RemoveFromSet(node, field.Name, item)));
            steps.AddRange(value.AsSet().Except(before).Select(item => new Mutation.AddToSet(node, field.Name, item)));
        }
        else if (kind == FieldKind.Counter && value.Kind == ValueKind.Integer && known is { Kind: ValueKind.Integer } count)
        {
            steps.Add(new Mutation.AddCounter(node, field.Name, unchecked(value.AsInteger() - count.AsInteger())));
        }
        else
        {
            // A reference stays one, though the record has a text.
            var isReference = now is { Kind: ValueKind.NodeReference } && value.Kind == ValueKind.String;
            registers.Add(new(field.Name, isReference ? Value.Reference(value.AsString()) : value));
        }
    }

    /// <summary>What shows, as a record would write it back: a field that it reads as it is, it does not write.</summary>
    private Dictionary<string, Value> Known(string id, Dictionary<string, Value> shown)
    {
        try
        {
            return shown.Count == 0 ? shown : _shape.Read(_shape.Make(id, shown)).Fields;
        }
        catch (ShapeException)
        {
            // The record is to make it fit.
            return shown;
        }
    }

    private T? Make(NodeSnapshot? node) =>
        node is not null && node.Type == Type ? Faults.Translate(() => _shape.Make(node.Id, node.Fields)) : null;
}
