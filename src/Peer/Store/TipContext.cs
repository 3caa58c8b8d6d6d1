using Replica.Crdt.Causality;

namespace Replica.Peer.Store;

/// <summary>The closed context at the tip of a branch.</summary>
/// <param name="Vector">How far other branches are covered. Not to be changed.</param>
/// <param name="RowsSinceFull">How many rows were added since the whole vector was last kept.</param>
internal readonly record struct TipContext(VersionVector Vector, int RowsSinceFull);
