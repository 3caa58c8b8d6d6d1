using Replica.Testing.Model;

namespace Replica.Testing.World;

/// <summary>A peer shows what the slow model makes of the changes that it holds.</summary>
/// <param name="percent">After how many of a hundred commits it is asked, beside the end.</param>
/// <param name="chance">Picks them.</param>
internal sealed class ModelInvariant(int percent, Chance chance) : ISimulationInvariant
{
    public void OnCommitted(SimulatedPeer peer)
    {
        if (chance.Percent(percent))
        {
            Compare(peer);
        }
    }

    public void OnQuiet(IReadOnlyList<SimulatedPeer> peers) => Compare(peers[0]);

    private static void Compare(SimulatedPeer peer)
    {
        var expected = SlowModel.Fold(peer.Chained()).ToLines();
        if (StateLines.FirstDifference(expected, peer.ToLines()) is { } difference)
        {
            throw new SimulationException($"{peer} does not show what the slow model shows.\n{difference}");
        }
    }
}
