using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Peer.Store;

/// <summary>An edge whose endpoints and itself are alive, before it is known which of a to-one relation shows.</summary>
/// <param name="Edge">From, relation, to and key.</param>
/// <param name="Data">Its fields as canonical JSON.</param>
/// <param name="Link">The link that shows; nothing if its writes are no links.</param>
internal readonly record struct StoredEdge(Target.Edge Edge, ReadOnlyMemory<byte> Data, Stamp? Link)
{
    /// <summary>The edge as a reader gives it.</summary>
    public VisibleEdge ToVisible() => new(Edge, Data);
}
