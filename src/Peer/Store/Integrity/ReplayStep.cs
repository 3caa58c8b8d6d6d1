namespace Replica.Peer.Store.Integrity;

/// <summary>One run of a replay.</summary>
/// <param name="Arrival">The arrival number that was reached.</param>
/// <param name="Damage">Why the run was not taken; nothing if it was.</param>
internal readonly record struct ReplayStep(long Arrival, Damage? Damage);
