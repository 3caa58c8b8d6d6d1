using Replica.Crdt.Causality;

namespace Replica.Peer.Store;

/// <summary>A change as it rests in a store.</summary>
/// <param name="Arrival">Its place in this replica's order of application, from 1.</param>
/// <param name="Branch">The branch it stands on.</param>
/// <param name="Seq">Its number there.</param>
/// <param name="Body">Exactly its bytes.</param>
internal readonly record struct StoredChange(long Arrival, BranchId Branch, ulong Seq, ReadOnlyMemory<byte> Body);
