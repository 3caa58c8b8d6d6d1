using Replica.Crdt.Changes;
using Replica.Crdt.Values;

namespace Replica.Peer.Host;

/// <summary>An edge as it was visible at one moment.</summary>
/// <param name="Edge">From, relation, to and key.</param>
/// <param name="Fields">Its fields, names ascending by UTF-8 bytes.</param>
public sealed record EdgeSnapshot(Target.Edge Edge, IReadOnlyList<KeyValuePair<string, Value>> Fields);
