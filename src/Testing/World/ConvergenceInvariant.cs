namespace Replica.Testing.World;

/// <summary>Who holds the same shows the same.</summary>
internal sealed class ConvergenceInvariant : ISimulationInvariant
{
    public void OnCommitted(SimulatedPeer peer)
    {
    }

    public void OnQuiet(IReadOnlyList<SimulatedPeer> peers)
    {
        var first = peers[0];
        var expected = first.StateHash();
        foreach (var other in peers.Skip(1))
        {
            if (other.StateHash() != expected)
            {
                var difference = StateLines.FirstDifference(first.ToLines(), other.ToLines()) ?? "only the bytes at rest differ";
                throw new SimulationException($"{other} holds the same changes as {first} and shows something else.\n{difference}");
            }
        }
    }
}
