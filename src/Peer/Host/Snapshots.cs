using Replica.Crdt.Changes;
using Replica.Peer.Store;

namespace Replica.Peer.Host;

/// <summary>What a store's reader gives, as applications see it.</summary>
internal static class Snapshots
{
    public static NodeSnapshot Of(VisibleNode node, FieldReader fields) =>
        new(node.Id, node.Type, fields.Read(new Target.Node(node.Id), node.Data))
        {
            Vector = node.Vector.IsEmpty ? null : new VectorBytes(node.Vector),
        };

    public static EdgeSnapshot Of(VisibleEdge edge, FieldReader fields) => new(edge.Edge, fields.Read(edge.Edge, edge.Data));
}
