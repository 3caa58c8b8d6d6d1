using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.Testing;
using Replica.Testing.World;

namespace Replica.Samples.Inventory;

/// <summary>What the application does: shops that sell from one stock, on and off the network.</summary>
internal static class Sales
{
    public const string Stock = "stock";
    public const string Sold = "sold";
    public const string Order = "order";
    public const string Quantity = "quantity";

    /// <summary>What the simulated peers do, and how often.</summary>
    public static IReadOnlyList<SimulatedAction> Actions { get; } =
    [
        new("sell", Sell, Weight: 3),
        new("note", Note),
    ];

    /// <summary>An order and the count of what is sold are one change: whole or not at all, on every peer.</summary>
    private static void Sell(SimulatedPeer shop, Chance chance)
    {
        var quantity = chance.Between(1, 5);
        var id = $"{Order}-{shop.Name}-{chance.Next():x}";
        _ = shop.Write(
            new Mutation.PutNode(id, Order, [new(Quantity, Value.From(quantity))]),
            new Mutation.AddCounter(new Target.Node(Stock), Sold, quantity));
    }

    /// <summary>Shops write to the same field: one wins, and nothing else is touched.</summary>
    private static void Note(SimulatedPeer shop, Chance chance) =>
        _ = shop.Write(new Mutation.PutNode(Stock, null, [new("note", Value.From($"{shop.Name}: {chance.Below(10)}"))]));
}
