namespace Replica.Testing.World;

/// <summary>Of two sessions between the same two processes both sides keep the same one.</summary>
internal sealed class DuplicateInvariant
{
    private readonly Dictionary<(SimulatedLink, SimulatedLink), SimulatedLink> _kept = [];

    /// <summary>One side has chosen.</summary>
    /// <exception cref="SimulationException">The other side, or this one before, chose otherwise.</exception>
    public void Look(SimulatedLink one, SimulatedLink other, SimulatedLink kept)
    {
        if (_kept.GetValueOrDefault((one, other)) is { } before && before != kept)
        {
            throw new SimulationException($"Of two sessions {one} one side keeps the first and the other side the second.");
        }

        _kept[(one, other)] = _kept[(other, one)] = kept;
    }
}
