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
        foreach (var replica in replicas)
        {
            var own = replica.Ledger.OwnBranch is { } branch ? replica.Ledger.Logs[branch.Value].Log : default;
            var changes = LedgerState.Changes(replica.Engine);
            var model = SlowModel.Fold(changes);
            var applied = new HashSet<Dot>();
            foreach (var change in changes)
            {
                if (change.Dot.Log == own && !applied.SetEquals(model.PastOf(change.Dot)))
                {
                    throw new SimulationException($"{replica} wrote {change.Dot} having applied {applied.Count} changes, "
                        + $"and its past says {model.PastOf(change.Dot).Count}: deps {string.Join(", ", change.Deps)}.");
                }

                _ = applied.Add(change.Dot);
            }
        }
    }
}
