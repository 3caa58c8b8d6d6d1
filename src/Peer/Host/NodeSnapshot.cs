using Replica.Crdt.Changes;
using Replica.Crdt.Values;

namespace Replica.Peer.Host;

/// <summary>A node as it was visible at one moment.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">Its type; empty where none was set.</param>
/// <param name="Fields">Its fields, names ascending by UTF-8 bytes.</param>
public sealed record NodeSnapshot(string Id, string Type, IReadOnlyList<KeyValuePair<string, Value>> Fields)
{
    /// <summary>Its vector; null for none.</summary>
    public VectorBytes? Vector { get; init; }
}
