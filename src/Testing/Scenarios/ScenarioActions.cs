using Replica.Crdt.Changes;
using Replica.Crdt.Tree;
using Replica.Peer.Store;
using Replica.Peer.Store.Tree;

namespace Replica.Testing.Scenarios;

/// <summary>Carries out the steps of a scenario that are no assertions.</summary>
internal sealed class ScenarioActions(ScenarioWorld world)
{
    /// <summary>Orders that a step may ask for; the number of orders grows with the factorial.</summary>
    private const int PermutedMax = 8;

    /// <summary>Carries out one step.</summary>
    /// <exception cref="ScenarioException">There is no such step, or a part of it is missing.</exception>
    public void Carry(StepReader step)
    {
        var kind = step.Text("do");
        switch (kind)
        {
            case "put" or "set" or "unset" or "delete" or "link" or "setEdge" or "unlink" or "move":
                world.Write(At(step), step.NumberOrNothing("t"), step.TextOrNothing("op"), transaction => Write(transaction, kind, step));
                break;
            case "skew":
                foreach (var replica in world.At(step, "at"))
                {
                    replica.SkewMilliseconds = step.Number("ms");
                }

                break;
            case "sync":
                _ = world.Sync(world[step.Text("from")], world[step.Text("to")], step.NumberOrNothing("t"));
                break;
            case "syncAll":
                SyncAll(step.NumberOrNothing("t"));
                break;
            case "deliver":
                world.Deliver(world[step.Text("to")], step.Texts("ops"), step.NumberOrNothing("t"));
                break;
            case "permute":
                Permute(step);
                break;
            case "partition":
                world.Partition = [.. step.Items("groups").Select(static group =>
                    (IReadOnlyList<string>)[.. group.EnumerateArray().Select(static name => name.GetString()!)])];
                break;
            case "heal":
                world.Partition = null;
                break;
            case "join":
                world.Join(step.Text("replica"));
                break;
            case "restart" or "crash":
                foreach (var replica in world.At(step, "at"))
                {
                    replica.Restart(isCrash: kind == "crash");
                }

                break;
            case "backup":
                world.Copies[step.Text("as")] = At(step).Copy();
                break;
            case "restore":
                world.PutBack(At(step), world.Copies.GetValueOrDefault(step.Text("from"))
                    ?? throw new ScenarioException($"There is no backup '{step.Text("from")}'."));
                break;
            case "clone":
                world.Clone(step.Text("from"), step.Text("as"));
                break;
            case "wipe":
                world.Wipe(At(step), step.TextOrNothing("keep") == "identity");
                break;
            case "mark":
                world.Marks[step.Text("as")] = ScenarioState.Read(At(step));
                break;
            default:
                throw new ScenarioException($"There is no step '{kind}' in {ScenarioFile.Format}.");
        }
    }

    private ScenarioReplica At(StepReader step) => world[step.Text("at")];

    private static void Write(ITransaction transaction, string kind, StepReader step)
    {
        Target target = step.Has("edge") ? step.Edge("edge") : new Target.Node(step.Text("node"));
        if (kind == "move")
        {
            Move(transaction, step);
            return;
        }

        Operation? operation = kind switch
        {
            "set" or "setEdge" => new Operation.SetField(step.Text("field"), step.Value("value")),
            "unset" => new Operation.RemoveField(step.Text("field")),
            "delete" or "unlink" => new Operation.Delete(),
            _ => null,
        };
        if (operation is not null)
        {
            transaction.Add(target, operation);
            return;
        }

        // Put and link: the element's presence, and each field given.
        transaction.Add(target, new Operation.Create());
        foreach (var (name, value) in step.Fields("fields"))
        {
            transaction.Add(target, new Operation.SetField(name, value));
        }
    }

    private static void Move(ITransaction transaction, StepReader step)
    {
        var node = step.Text("node");
        var parent = step.TextOrNothing("parent");
        MovePlace place = !step.Has("after") ? new MovePlace.Last()
            : step.TextOrNothing("after") is { } sibling ? new MovePlace.After(sibling)
            : new MovePlace.First();
        var outcome = transaction.Move(node, parent, place);
        if (outcome == MoveOutcome.NoSuchSibling)
        {
            outcome = transaction.Move(node, parent, new MovePlace.Last());
        }

        if (outcome == MoveOutcome.WouldBeUnderItself)
        {
            // The host refuses it; a story may tell of it: a move without effect on the tree is still a write on the node.
            transaction.Add(new Target.Node(node), new Operation.Move(parent, TreePosition.FromBytes([0, 0, 0, 0, 0, 0, 0x81])));
        }
    }

    private void SyncAll(long? exact)
    {
        var replicas = world.Replicas.ToArray();
        bool isChanged;
        do
        {
            isChanged = false;
            foreach (var from in replicas)
            {
                foreach (var to in replicas)
                {
                    isChanged |= world.Sync(from, to, exact);
                }
            }
        }
        while (isChanged);
    }

    private void Permute(StepReader step)
    {
        var labels = step.Texts("ops");
        if (labels.Count > PermutedMax)
        {
            throw new ScenarioException($"{labels.Count} operations are to be permuted; at most {PermutedMax} can be.");
        }

        ScenarioState? first = null;
        foreach (var order in OrdersOf([.. labels]))
        {
            var state = world.Replay(order);
            var name = string.Join(' ', order);
            first ??= state;
            MismatchException.Compare(name, first.All, state.All);
            if (step.Has("expect"))
            {
                ScenarioAssertions.CheckParts(name, new(step.Part("expect")), state);
            }
        }
    }

    private static IEnumerable<string[]> OrdersOf(string[] labels) => labels.Length <= 1
        ? [labels]
        : labels.Index().SelectMany(first => OrdersOf([.. labels[..first.Index], .. labels[(first.Index + 1)..]])
            .Select(rest => (string[])[first.Item, .. rest]));
}
