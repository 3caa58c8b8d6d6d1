using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Store;
using Replica.Peer.Store.Tree;

namespace Replica.Peer.Host;

/// <summary>Carries mutations out inside a transaction.</summary>
internal static class Mutations
{
    /// <summary>Carries one out.</summary>
    /// <returns>How many operations it took.</returns>
    /// <exception cref="ReplicaException">What it is about does not exist.</exception>
    public static int Apply(ITransaction transaction, Mutation mutation) => mutation switch
    {
        Mutation.PutNode put => Put(transaction, put),
        Mutation.RemoveFields remove => Remove(transaction, remove),
        Mutation.DeleteNode delete => Delete(transaction, new Target.Node(delete.Id), $"node '{delete.Id}'"),
        Mutation.LinkEdge link => Link(transaction, link),
        Mutation.UnlinkEdge unlink => Delete(transaction, unlink.Edge, Describe(unlink.Edge)),
        Mutation.SetVector set => FieldMutations.SetVector(transaction, set),
        Mutation.SetCounter set => FieldMutations.Write(transaction, set.Target, new Operation.SetCounter(set.Field, set.Value)),
        Mutation.AddCounter add => FieldMutations.AddCounter(transaction, add),
        Mutation.AddToSet add => FieldMutations.Write(transaction, add.Target, new Operation.AddToSet(add.Field, add.Value)),
        Mutation.RemoveFromSet remove => RemoveFromSet(transaction, remove),
        Mutation.Declare declare => Declare(transaction, declare),
        Mutation.Resolve resolve => FieldMutations.Resolve(transaction, resolve),
        Mutation.RaiseLevel raise => Raise(transaction, raise.Level, ChangeLimits.LevelKnown),
        Mutation.MoveNode move => Move(transaction, move),
        Mutation.Respace respace => transaction.Respace(respace.Parent),
        _ => throw new System.Diagnostics.UnreachableException($"No case for {mutation.GetType().Name}."),
    };

    private static int Put(ITransaction transaction, Mutation.PutNode put)
    {
        var target = new Target.Node(put.Id);
        Names.CheckId(put.Id, "node id");
        var count = SetFields(transaction, target, put.Fields);
        if (put.Type is not null)
        {
            transaction.Add(target, new Operation.SetType(put.Type));
            count++;
        }

        if (put.Vector is { } vector)
        {
            count += FieldMutations.SetVector(transaction, target, vector);
        }

        if (count == 0)
        {
            // A field or type makes the node by itself; without any, its presence is the write.
            transaction.Add(target, new Operation.Create());
            count++;
        }

        return count;
    }

    private static int Remove(ITransaction transaction, Mutation.RemoveFields remove)
    {
        RequireAlive(transaction, remove.Target);
        foreach (var field in remove.Fields)
        {
            transaction.Add(remove.Target, new Operation.RemoveField(field));
        }

        return remove.Fields.Count;
    }

    /// <summary>Makes an edge or updates it. In a to-one relation it takes the place of those that are alive here.</summary>
    public static int Link(ITransaction transaction, Mutation.LinkEdge link)
    {
        Names.CheckId(link.Edge.From, "edge's from");
        Names.CheckId(link.Edge.To, "edge's to");
        if (link.EndpointsRequired)
        {
            RequireAlive(transaction, new Target.Node(link.Edge.From), $"node '{link.Edge.From}'");
            RequireAlive(transaction, new Target.Node(link.Edge.To), $"node '{link.Edge.To}'");
        }

        var count = transaction.IsToOne(link.Edge.Relation) ? UnlinkRivals(transaction, link.Edge) : 0;
        transaction.Add(link.Edge, new Operation.Create());
        return count + 1 + SetFields(transaction, link.Edge, link.Fields);
    }

    private static int UnlinkRivals(ITransaction transaction, Target.Edge edge)
    {
        var count = 0;
        foreach (var rival in transaction.AliveEdges(edge.From, edge.Relation))
        {
            if (rival != edge)
            {
                transaction.Add(rival, new Operation.Delete());
                count++;
            }
        }

        return count;
    }

    private static int RemoveFromSet(ITransaction transaction, Mutation.RemoveFromSet remove)
    {
        RequireAlive(transaction, remove.Target);
        transaction.Add(remove.Target, new Operation.RemoveFromSet(remove.Field, remove.Value));
        return 1;
    }

    private static int Declare(ITransaction transaction, Mutation.Declare declare)
    {
        transaction.Add(Target.Space.Instance, new Operation.Declare(declare.Relation, declare.Cardinality));
        return 1;
    }

    /// <summary>Refuses a node or edge that is not alive.</summary>
    /// <exception cref="ReplicaException">It is not.</exception>
    public static void RequireAlive(ITransaction transaction, Target target) => RequireAlive(
        transaction, target, target is Target.Edge edge ? Describe(edge) : $"node '{(target as Target.Node)?.Id}'");

    /// <summary>Raises the format level, if it is not there yet.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="level">The level.</param>
    /// <param name="levelKnown">The highest that this build knows.</param>
    /// <exception cref="ReplicaException">This device is no admin, or the level is not known here.</exception>
    internal static int Raise(ITransaction transaction, int level, int levelKnown)
    {
        if (level < 1 || level > levelKnown)
        {
            throw new ReplicaException(
                "REPLICA_LEVEL_UNKNOWN",
                $"Format level {level} is not known to this version, which knows none above {levelKnown}: install a newer version first.");
        }

        if (transaction.Roles.RoleIn(transaction.Author, transaction.Past) != Role.Admin)
        {
            throw new ReplicaException("REPLICA_NOT_ADMIN", "Only an admin may raise the format level: ask one, or ask to be promoted.");
        }

        if (transaction.Roles.LevelIn(transaction.Past) >= level)
        {
            return 0;
        }

        transaction.Add(Target.Space.Instance, new Operation.Raise(level));
        return 1;
    }

    /// <summary>Settles where a node is: under that parent, and in its place if it is there already.</summary>
    public static int ResolveMove(ITransaction transaction, string id, string? parent)
    {
        RequireAlive(transaction, new Target.Node(id));
        if (parent is not null)
        {
            RequireAlive(transaction, new Target.Node(parent));
        }

        return transaction.TryStay(id, parent) ? 1 : Move(transaction, new(id, parent, new MovePlace.Last()));
    }

    private static int Move(ITransaction transaction, Mutation.MoveNode move)
    {
        RequireAlive(transaction, new Target.Node(move.Id), $"node '{move.Id}'");
        if (move.Parent is not null)
        {
            RequireAlive(transaction, new Target.Node(move.Parent), $"node '{move.Parent}'");
        }

        var under = move.Parent is null ? "at the top" : $"under '{move.Parent}'";
        return transaction.Move(move.Id, move.Parent, move.Place) switch
        {
            MoveOutcome.Moved => 1,
            MoveOutcome.WouldBeUnderItself => throw new ReplicaException(
                "REPLICA_CYCLE", $"'{move.Parent}' is '{move.Id}' itself or below it: move '{move.Parent}' out first."),
            MoveOutcome.NoSuchSibling when move.Place is MovePlace.After after => throw new ReplicaException(
                "REPLICA_NOT_FOUND", $"'{after.Sibling}' is no other child {under}: name one that is, or move to the first or last place."),
            var outcome => throw new System.Diagnostics.UnreachableException($"No case for {outcome}."),
        };
    }

    private static int Delete(ITransaction transaction, Target target, string what)
    {
        RequireAlive(transaction, target, what);
        transaction.Add(target, new Operation.Delete());
        return 1;
    }

    private static int SetFields(ITransaction transaction, Target target, IReadOnlyList<KeyValuePair<string, Value>> fields)
    {
        var count = 0;
        foreach (var (name, value) in fields)
        {
            if (value.Kind != ValueKind.Set)
            {
                // As a counter is exported, so it is read back.
                transaction.Add(target, value.Kind == ValueKind.Counter
                    ? new Operation.SetCounter(name, value.AsCounter())
                    : new Operation.SetField(name, value));
                count++;
                continue;
            }

            // As a set is shown and exported, so it is read back: its elements are put in.
            foreach (var item in value.AsSet())
            {
                transaction.Add(target, new Operation.AddToSet(name, item));
                count++;
            }
        }

        return count;
    }

    private static void RequireAlive(ITransaction transaction, Target target, string what)
    {
        if (!transaction.IsAlive(target))
        {
            throw new ReplicaException("REPLICA_NOT_FOUND", $"There is no {what}: check the spelling, or make it first.");
        }
    }

    private static string Describe(Target.Edge edge) =>
        $"edge '{edge.From}' {edge.Relation} '{edge.To}'{(edge.Key.Length > 0 ? $" with key '{edge.Key}'" : "")}";
}
