namespace Replica.Peer.Store.Integrity;

/// <summary>What was restored.</summary>
/// <param name="Space">The space's name in the new home.</param>
/// <param name="Id">Its name everywhere, hex.</param>
/// <param name="Changes">How many changes it holds, all of them verified.</param>
/// <param name="HasKeys">Whether this is the same device as before; else it reads, and needs a ticket to write and to sync.</param>
public sealed record RestoreSummary(string Space, string Id, long Changes, bool HasKeys);
