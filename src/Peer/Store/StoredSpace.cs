using Replica.Crdt.Causality;

namespace Replica.Peer.Store;

/// <summary>The small part of a stored space that is read at open.</summary>
/// <param name="Space">Its name; nothing before it is founded or joined.</param>
/// <param name="OwnBranch">The branch that this replica writes; nothing before its first write.</param>
/// <param name="Logs">All logs by branch number, without gaps.</param>
/// <param name="LastArrival">The arrival number of the last change; 0 for none.</param>
internal sealed record StoredSpace(SpaceId? Space, BranchId? OwnBranch, IReadOnlyList<LogRow> Logs, long LastArrival);
