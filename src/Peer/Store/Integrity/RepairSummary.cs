namespace Replica.Peer.Store.Integrity;

/// <summary>What a repair did.</summary>
/// <param name="SavedAs">Where the file lies as it was before.</param>
/// <param name="Changes">How many changes hold and are in the space now.</param>
/// <param name="Lost">How many the file said it had beyond these; they come again from a peer that has them.</param>
/// <param name="Nodes">Nodes that show now.</param>
/// <param name="Edges">Edges that are alive now.</param>
public sealed record RepairSummary(string SavedAs, long Changes, long Lost, long Nodes, long Edges);
