using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.Testing.World;

namespace Replica.Samples.Inventory;

/// <summary>What the application promises: at any moment and on every peer the count of what is sold is the sum of the orders there.</summary>
internal sealed class OrdersAddUp : ISimulationInvariant
{
    public void OnCommitted(SimulatedPeer peer)
    {
        var nodes = peer.GetNodes();
        var ordered = nodes.Where(static node => node.Type == Sales.Order).Sum(static node => Field(node, Sales.Quantity));
        var sold = nodes.Where(static node => node.Id == Sales.Stock).Sum(static node => Field(node, Sales.Sold));
        if (ordered != sold)
        {
            throw new SimulationException($"{peer} shows orders of {ordered} pieces and counts {sold} as sold.");
        }
    }

    public void OnQuiet(IReadOnlyList<SimulatedPeer> peers)
    {
        foreach (var peer in peers)
        {
            OnCommitted(peer);
        }
    }

    private static long Field(NodeSnapshot node, string name) =>
        node.Fields.Where(field => field.Key == name && field.Value.Kind == ValueKind.Integer).Sum(static field => field.Value.AsInteger());
}
