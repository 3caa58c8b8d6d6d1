using Replica.Crdt.Causality;

namespace Replica.Peer.Host;

/// <summary>What a committed transaction became. It is durable as the space's durability promises.</summary>
/// <param name="Dot">The change; nothing if the transaction had no effect to record.</param>
/// <param name="Time">Its stamp.</param>
/// <param name="Operations">How many operations it holds.</param>
public sealed record ChangeReceipt(Dot? Dot, HybridTimestamp Time, int Operations);
