namespace Replica.Testing.World;

/// <summary>A promise that a simulated world is held to.</summary>
internal interface IWorldCheck
{
    /// <summary>A replica committed something.</summary>
    /// <exception cref="SimulationException">The promise is broken.</exception>
    void OnCommitted(SimulatedReplica replica);

    /// <summary>The faults are over and everything was exchanged.</summary>
    /// <exception cref="SimulationException">The promise is broken.</exception>
    void OnQuiet(IReadOnlyList<SimulatedReplica> replicas);
}
