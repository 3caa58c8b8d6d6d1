using Replica.Crdt.Causality;
using Replica.Testing.Ledgers;
using Replica.Testing.Model;

namespace Replica.Testing.World;

/// <summary>A change has in its past exactly what its author had applied when it wrote it: no less is said in deps, and no more.</summary>
internal sealed class KnowledgeCheck : IWorldCheck
{
    public void OnCommitted(SimulatedReplica replica)
    {
    }

    public void OnQuiet(IReadOnlyList<SimulatedReplica> replicas)
    {
        // All hold the same changes now, so one model answers for all of them.
        var model = SlowModel.Fold(LedgerState.Changes(replicas[0].Engine));
        foreach (var replica in replicas)
        {
            var own = replica.Ledger.OwnBranch is { } branch ? replica.Ledger.Logs[branch.Value].Log : default;
            var applied = new List<Dot>();
            foreach (var change in LedgerState.Changes(replica.Engine))
            {
                var past = change.Dot.Log == own ? model.PastOf(change.Dot) : null;
                if (past is not null && !(past.Count == applied.Count && applied.TrueForAll(past.Contains)))
                {
                    throw new SimulationException($"{replica} wrote {change.Dot} having applied {applied.Count} changes, "
                        + $"and its past says {past.Count}: deps {string.Join(", ", change.Deps)}.");
                }

                applied.Add(change.Dot);
            }
        }
    }
}
