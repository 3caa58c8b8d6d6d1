using Replica.Crdt.Causality;
using Replica.Testing.Model;

namespace Replica.Testing.World;

/// <summary>A change has in its past exactly what its author had applied when it wrote it: no less is said in deps, and no more.</summary>
internal sealed class KnowledgeInvariant : ISimulationInvariant
{
    public void OnCommitted(SimulatedPeer peer)
    {
    }

    public void OnQuiet(IReadOnlyList<SimulatedPeer> peers)
    {
        // All hold the same changes now, so one model answers for all of them.
        var model = SlowModel.Fold(peers[0].Chained());
        foreach (var peer in peers)
        {
            // Not all of its author: another copy of the device may write under the same key.
            var own = peer.Acknowledged.Select(static written => written.Hash).ToHashSet();
            var applied = new List<Position>();
            foreach (var change in peer.Chained())
            {
                var past = own.Contains(change.Change.Hash()) ? model.PastOf(change.Place) : null;
                if (past is not null && !(past.Count == applied.Count && applied.TrueForAll(past.Contains)))
                {
                    throw new SimulationException($"{peer} wrote {change.Place} having applied {applied.Count} changes, "
                        + $"and its past says {past.Count}: deps {string.Join(", ", change.Change.Deps)}.");
                }

                applied.Add(change.Place);
            }
        }
    }
}
