namespace Replica.Testing.World;

/// <summary>How one history went.</summary>
/// <param name="Seed">What decided everything in it.</param>
/// <param name="Failure">The promise that was broken, or nothing.</param>
/// <param name="Steps">How many steps were planned.</param>
/// <param name="Changes">How many changes all held at the end.</param>
/// <param name="Faults">How often each fault was injected.</param>
public sealed record SimulationResult(ulong Seed, SimulationException? Failure, int Steps, int Changes, FaultCounts Faults);
