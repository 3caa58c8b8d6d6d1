using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Replica.Peer.Host;

/// <content>Nodes as records.</content>
public sealed partial class ReplicaSpace
{
    /// <summary>The nodes of one type as records, by the metadata that a <c>JsonSerializerContext</c> of the application generates.</summary>
    /// <param name="info">The record's metadata.</param>
    /// <param name="type">The type of the nodes; null for the record's name with a small first letter.</param>
    /// <exception cref="ReplicaException">Nodes can't hold what the record holds (<c>REPLICA_SHAPE</c>); the message says what to change.</exception>
    public NodeSet<T> Nodes<T>(JsonTypeInfo<T> info, string? type = null)
        where T : class => Faults.Translate(() => new NodeSet<T>(this, info, type ?? JsonNamingPolicy.CamelCase.ConvertName(typeof(T).Name)));
}
