using Replica.Testing.Ledgers;
using Replica.Testing.Model;

namespace Replica.Testing.World;

/// <summary>A replica shows what the slow model makes of the changes that it holds.</summary>
/// <param name="isEager">Whether to look after every commit, not only at the end.</param>
internal sealed class ModelCheck(bool isEager) : IWorldCheck
{
    public void OnCommitted(SimulatedReplica replica)
    {
        if (isEager)
        {
            Compare(replica);
        }
    }

    public void OnQuiet(IReadOnlyList<SimulatedReplica> replicas) => Compare(replicas[0]);

    private static void Compare(SimulatedReplica replica)
    {
        var expected = SlowModel.Fold(LedgerState.Changes(replica.Engine)).ToLines();
        if (StateLines.FirstDifference(expected, replica.ToLines()) is { } difference)
        {
            throw new SimulationException($"{replica} does not show what the slow model shows.\n{difference}");
        }
    }
}
