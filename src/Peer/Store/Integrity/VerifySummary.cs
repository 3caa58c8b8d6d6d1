namespace Replica.Peer.Store.Integrity;

/// <summary>What a verification looked at, and how much it found wrong.</summary>
/// <param name="Logs">Logs.</param>
/// <param name="Changes">Changes whose bytes, chain, signature and authority hold.</param>
/// <param name="Nodes">Nodes that show, by the log.</param>
/// <param name="Edges">Edges that are alive, by the log.</param>
/// <param name="Damages">How many damages were found; at most 1000 of a kind are named.</param>
/// <param name="IsStateCompared">Whether the state was compared; it is not if the log is damaged, since it would differ anyhow.</param>
public sealed record VerifySummary(int Logs, long Changes, long Nodes, long Edges, long Damages, bool IsStateCompared);
