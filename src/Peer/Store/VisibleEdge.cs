using Replica.Crdt.Changes;

namespace Replica.Peer.Store;

/// <summary>An edge that shows: it and both its endpoints are alive, and no rival of a to-one relation shows.</summary>
/// <param name="Edge">From, relation, to and key.</param>
/// <param name="Data">Its fields as canonical JSON; valid until the next row is asked for.</param>
internal readonly record struct VisibleEdge(Target.Edge Edge, ReadOnlyMemory<byte> Data);
