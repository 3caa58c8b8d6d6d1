using Replica.Crdt.Changes;
using Replica.Crdt.Elements;

namespace Replica.Peer.Store;

/// <summary>An edge whose endpoints and itself are alive, before it is known which of a to-one relation shows.</summary>
/// <param name="Edge">From, relation, to and key.</param>
/// <param name="Data">Its fields as canonical JSON.</param>
/// <param name="Link">Of a to-one relation the link that shows; nothing if its writes are no links, or it is to-many.</param>
internal readonly record struct StoredEdge(Target.Edge Edge, ReadOnlyMemory<byte> Data, Entry? Link)
{
    /// <summary>The edge as a reader gives it.</summary>
    public VisibleEdge ToVisible() => new(Edge, Data);
}
