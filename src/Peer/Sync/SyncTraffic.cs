using Replica.Crdt.Changes;

namespace Replica.Peer.Sync;

/// <summary>What one session moved in one direction.</summary>
/// <param name="Runs">How many runs.</param>
/// <param name="Changes">How many changes in them.</param>
/// <param name="Bytes">How many bytes of changes, before packing.</param>
public readonly record struct SyncTraffic(long Runs, long Changes, long Bytes)
{
    internal SyncTraffic With(SignedRun run) => new(Runs + 1, Changes + run.Changes.Count, Bytes + RunSize.ChangeBytes(run));
}
