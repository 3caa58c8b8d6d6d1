using Replica.Crdt.Changes;
using Replica.Peer.Host;
using Replica.Peer.Store;
using Replica.Peer.Store.Tree;
using Replica.Testing.Histories;

namespace Replica.Testing.World;

/// <summary>What peers do.</summary>
internal static class WorldSteps
{
    /// <summary>Connects to another, or asks it in a datagram.</summary>
    public static void Meet(SimulatedWorld world, SimulatedPeer peer, Chance chance)
    {
        var other = chance.Below(world.Peers.Count);
        if (world.IsManaged)
        {
            // Now and then an address leads home. Who knows the other one goes away for a while instead.
            if ((other != peer.Number || chance.Percent(10)) && !peer.Learn(other) && chance.Percent(30))
            {
                peer.Net?.Pause(chance.Between(1, world.Shape.FaultyMilliseconds / 2));
            }
        }
        else if (world.Shape.HasSessions)
        {
            world.Links.Connect(peer.Number, other);
        }
        else
        {
            Datagrams.Ask(world, peer, other);
        }
    }

    /// <summary>One to three random transactions that are committed together; some fail half-way.</summary>
    public static void Write(SimulatedWorld world, SimulatedPeer peer, Chance chance)
    {
        for (var left = chance.Pick([1, 1, 1, 2, 3]); left > 0 && peer.IsRunning; left--)
        {
            var one = chance.Fork();
            _ = world.Scheduler.WatchAsync(WriteAsync(world, peer, transaction => Fill(transaction, one, world.Shape.History)));
        }
    }

    /// <summary>A transfer between two accounts.</summary>
    public static void Transfer(SimulatedWorld world, SimulatedPeer peer, Chance chance)
    {
        if (peer.IsRunning)
        {
            _ = world.Scheduler.WatchAsync(WriteAsync(world, peer, transaction => TransferInvariant.Transfer(transaction, chance)));
        }
    }

    /// <summary>An application's action.</summary>
    public static void Act(SimulatedWorld world, SimulatedPeer peer, SimulatedAction action, Chance chance)
    {
        if (peer.IsRunning)
        {
            world.Trace(() => $"{peer}: {action.Name}");
            action.Run(peer, chance);
        }
    }

    private static async Task WriteAsync(SimulatedWorld world, SimulatedPeer peer, Action<ITransaction> body)
    {
        try
        {
            _ = await peer.TransactAsync(body);
        }
        catch (Exception failure) when (failure is OperationCanceledException or ReplicaException)
        {
            world.Trace(() => $"{peer} fails half-way through a transaction");
        }
    }

    private static void Fill(ITransaction transaction, Chance chance, HistoryShape shape)
    {
        var operations = new OperationGenerator(chance, shape);
        var isFailing = chance.Percent(10);
        var target = operations.NextTarget();
        for (var left = chance.Between(1, 4); left > 0; left--)
        {
            target = chance.Percent(40) ? operations.NextTarget() : target;
            if (target is Target.Node node && chance.Percent(12))
            {
                Apply(transaction, node.Id, chance, shape);
                continue;
            }

            Add(transaction, target, operations.NextOperation(target, []));
        }

        if (shape.HasKinds && chance.Percent(5))
        {
            transaction.Add(Target.Space.Instance, operations.NextDeclaration());
        }

        if (isFailing)
        {
            throw new OperationCanceledException("A planned failure.");
        }
    }

    /// <summary>An add names what this peer knows, as the product's own adds do.</summary>
    private static void Add(ITransaction transaction, Target target, Operation operation)
    {
        if (operation is Operation.AddCounter add)
        {
            transaction.AddToCounter(target, add.Field, add.Delta);
        }
        else
        {
            transaction.Add(target, operation);
        }
    }

    /// <summary>What applications call, on top of single operations.</summary>
    private static void Apply(ITransaction transaction, string node, Chance chance, HistoryShape shape)
    {
        var other = "n" + chance.Below(shape.Nodes);
        MovePlace place = chance.Percent(50) ? new MovePlace.First() : new MovePlace.Last();
        Mutation mutation = chance.Below(6) switch
        {
            0 or 1 => new Mutation.MoveNode(node, chance.Percent(30) ? null : other, place),
            2 => new Mutation.Respace(chance.Percent(50) ? null : other),
            3 or 4 => new Mutation.LinkEdge(new(node, chance.Pick(["", "knows"]), other), [], EndpointsRequired: false),
            _ => new Mutation.DeleteNode(node),
        };
        _ = Mutations.Apply(transaction, mutation);
    }
}
