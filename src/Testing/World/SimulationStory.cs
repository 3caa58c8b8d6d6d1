namespace Replica.Testing.World;

/// <summary>The shortest history found that still fails.</summary>
/// <param name="Steps">The numbers of the steps that are needed.</param>
/// <param name="Lines">What happens, line by line.</param>
/// <param name="Failure">The promise that is broken in it.</param>
public sealed record SimulationStory(IReadOnlySet<int> Steps, IReadOnlyList<string> Lines, SimulationException Failure);
