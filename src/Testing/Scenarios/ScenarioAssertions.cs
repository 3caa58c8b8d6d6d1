using System.Text.Json;
using Replica.Crdt.Causality;
using Replica.Crdt.Values;

namespace Replica.Testing.Scenarios;

/// <summary>Holds what replicas show against the assertions of a scenario.</summary>
internal sealed class ScenarioAssertions(ScenarioWorld world)
{
    /// <summary>Checks one assertion, unless it is about engines with other policies.</summary>
    /// <exception cref="MismatchException">It does not hold.</exception>
    public void Check(JsonElement assertion)
    {
        if (!Policies.Holds(assertion, world.Policy))
        {
            return;
        }

        var step = new StepReader(assertion);
        switch (step.Text("assert"))
        {
            case "converged":
                var among = step.Has("among") ? "among" : "at";
                CheckEqual(world.At(step, among));
                break;
            case "no-silent-split":
                var replicas = world.At(step, "among");
                if (!replicas.Any(static replica => replica.Forks.Count > 0))
                {
                    CheckEqual(replicas);
                }

                break;
            case "opens":
                foreach (var replica in world.At(step, "at"))
                {
                    var before = ScenarioState.Read(replica).All;
                    replica.Restart(isCrash: false);
                    MismatchException.Compare(replica.Name, before, ScenarioState.Read(replica).All);
                }

                break;
            case var kind:
                foreach (var replica in world.At(step, "at"))
                {
                    Check(kind, step, replica);
                }

                break;
        }
    }

    /// <summary>Checks the parts of a state that are given: nodes, edges, tree.</summary>
    /// <exception cref="MismatchException">One differs.</exception>
    public static void CheckParts(string replica, StepReader parts, ScenarioState state)
    {
        if (parts.Has("nodes"))
        {
            var nodes = parts.Part("nodes").EnumerateObject()
                .Select(static node => new KeyValuePair<string, Value>(node.Name, Value.From(StepReader.FieldsOf(node.Value))));
            MismatchException.Compare(replica, Value.From(nodes), state.Nodes);
        }

        if (parts.Has("edges"))
        {
            var edges = parts.Items("edges").Select(StepReader.EdgeOf)
                .Select(static edge => Value.From([Value.From(edge.From), Value.From(edge.Relation), Value.From(edge.To)]));
            MismatchException.Compare(replica, Sorted(edges), Sorted(state.EdgeNames.AsArray()));
        }

        if (parts.Has("tree"))
        {
            MismatchException.Compare(replica, Value.From(parts.Fields("tree")), state.Tree);
        }
    }

    private static void CheckEqual(IReadOnlyList<ScenarioReplica> replicas)
    {
        var first = ScenarioState.Read(replicas[0]).All;
        foreach (var other in replicas.Skip(1))
        {
            MismatchException.Compare(other.Name, first, ScenarioState.Read(other).All);
        }
    }

    private void Check(string kind, StepReader step, ScenarioReplica replica)
    {
        var state = ScenarioState.Read(replica);
        var (expected, actual) = kind switch
        {
            "node" => (Value.From(step.Fields("fields")), ScenarioState.Find(state.Nodes, step.Text("node")) ?? Value.From("absent")),
            "absent" => (Value.From("absent"), ScenarioState.Find(state.Nodes, step.Text("node")) ?? Value.From("absent")),
            "nodes" => (Sorted(step.Texts("nodes")), Sorted(state.Nodes.AsMap().Select(static node => node.Key))),
            "edge" => EdgeOf(step, state),
            "out" => (Sorted(step.Texts("to")), Sorted(TargetsOf(state, step.Text("node"), step.Text("rel")))),
            "tree" => (Value.From(step.Fields("parents")), state.Tree),
            "unchanged" => (MarkOf(step.Text("since")), state.All),
            "fork-reported" => (Value.From(true), Value.From(ReportsFork(replica, step.Text("author")))),
            "children-count" => (Value.From(step.Number("count")), Value.From((long)ChildrenOf(step, state).Count)),
            "contiguous" => Contiguous(step, state),
            _ => (default, default),
        };
        if (kind == "state")
        {
            CheckParts(replica.Name, step, state);
        }
        else if (expected.Kind == ValueKind.Null)
        {
            throw new ScenarioException($"There is no assertion '{kind}' in {ScenarioFile.Format}.");
        }

        MismatchException.Compare(replica.Name, expected, actual);
    }

    private Value MarkOf(string name) => world.Marks.TryGetValue(name, out var mark)
        ? mark.All
        : throw new ScenarioException($"No state has the label '{name}'.");

    private bool ReportsFork(ScenarioReplica replica, string author) =>
        replica.Forks.Any(log => world[author].Ledger.Logs.Any(own => own.Log == log && own.Author == world[author].Author));

    private static (Value Expected, Value Actual) EdgeOf(StepReader step, ScenarioState state)
    {
        var edge = step.Edge("edge");
        var fields = state.Edges.AsArray().Select(static shown => shown.AsArray())
            .Where(shown => shown[0].AsString() == edge.From && shown[1].AsString() == edge.Relation && shown[2].AsString() == edge.To)
            .Select(static shown => shown[3]).ToArray();
        var isVisible = Value.From(fields.Length > 0);
        var expected = Value.From(step.Truth("visible"));
        return step.Has("fields") && fields.Length > 0
            ? (Value.From([expected, Value.From(step.Fields("fields"))]), Value.From([isVisible, fields[0]]))
            : (expected, isVisible);
    }

    private static IEnumerable<string> TargetsOf(ScenarioState state, string node, string relation) => state.Edges.AsArray()
        .Select(static shown => shown.AsArray())
        .Where(shown => shown[0].AsString() == node && shown[1].AsString() == relation)
        .Select(static shown => shown[2].AsString());

    private static IReadOnlyList<Value> ChildrenOf(StepReader step, ScenarioState state) =>
        ScenarioState.Find(state.Children, step.TextOrNothing("parent") ?? "")?.AsArray() ?? [];

    /// <summary>The children from the first one named on, as many as are named: they must be these in this order.</summary>
    private static (Value Expected, Value Actual) Contiguous(StepReader step, ScenarioState state)
    {
        var nodes = step.Texts("nodes");
        var children = ChildrenOf(step, state);
        var found = children.SkipWhile(child => child.AsString() != nodes[0]).Take(nodes.Count);
        return (Value.From([.. nodes.Select(Value.From)]), Value.From([.. found]));
    }

    private static Value Sorted(IEnumerable<string> texts) =>
        Value.From([.. texts.Order(Utf8Order.Instance).Select(Value.From)]);

    private static Value Sorted(IEnumerable<Value> values) =>
        Value.From([.. values.OrderBy(static value => value.ToString(), Utf8Order.Instance)]);
}
