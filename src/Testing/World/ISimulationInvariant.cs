namespace Replica.Testing.World;

/// <summary>A promise that a simulated world is held to. It looks and does not write, and draws no chance.</summary>
public interface ISimulationInvariant
{
    /// <summary>A peer committed something, or was started anew from what it had stored.</summary>
    /// <exception cref="SimulationException">The promise is broken.</exception>
    void OnCommitted(SimulatedPeer peer);

    /// <summary>The faults are over and everything was exchanged.</summary>
    /// <param name="peers">All honest peers, all running.</param>
    /// <exception cref="SimulationException">The promise is broken.</exception>
    void OnQuiet(IReadOnlyList<SimulatedPeer> peers);
}
