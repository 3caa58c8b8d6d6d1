namespace Replica.Testing.World;

/// <summary>A simulated history broke a promise. The message says which, where, and what was due.</summary>
internal sealed class SimulationException(string message) : Exception(message);
