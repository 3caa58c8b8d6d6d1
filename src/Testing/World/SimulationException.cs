namespace Replica.Testing.World;

/// <summary>A promise was broken in a simulated world.</summary>
/// <param name="message">Which promise, by whom, and what was found.</param>
/// <param name="inner">What was thrown, where something was.</param>
public sealed class SimulationException(string message, Exception? inner = null) : Exception(message, inner);
