using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.Samples.Inventory;
using Replica.Testing;
using Replica.Testing.World;
using Xunit;

namespace Replica.Tests.Properties.Simulated;

/// <summary>An application on simulated peers: the sample of docs/testing.md, and the same with a fault in it.</summary>
public sealed class SampleTests
{
    [Fact]
    public void The_sample_keeps_its_promise_under_every_fault()
    {
        var options = new SimulationOptions { Actions = Sales.Actions, Invariants = [static () => new OrdersAddUp()] };
        for (ulong seed = 1; seed <= 30; seed++)
        {
            Assert.Null(Simulator.Run(seed, options).Failure);
        }
    }

    [Fact]
    public void An_application_that_writes_two_changes_where_one_is_due_is_caught_with_a_short_story()
    {
        var options = new SimulationOptions
        {
            Plan = SimulationPlan.Calm,
            Actions = [new("sell", SellInTwoChanges)],
            Invariants = [static () => new OrdersAddUp()],
        };

        Assert.NotNull(Simulator.Run(1, options).Failure);
        var story = Simulator.Shrink(1, options);

        Assert.NotNull(story);
        Assert.Single(story.Steps);
        Assert.Contains("counts 0 as sold", story.Failure.Message, StringComparison.Ordinal);
    }

    private static void SellInTwoChanges(SimulatedPeer shop, Chance chance)
    {
        var id = $"order-{chance.Next():x}";
        _ = shop.Write(new Mutation.PutNode(id, Sales.Order, [new(Sales.Quantity, Value.From(2))]));
        _ = shop.Write(new Mutation.AddCounter(new Target.Node(Sales.Stock), Sales.Sold, 2));
    }
}
