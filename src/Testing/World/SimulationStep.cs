namespace Replica.Testing.World;

/// <summary>One planned step of a history. Its chance is its own, so that leaving out another does not change it.</summary>
/// <param name="At">When, in milliseconds since the start.</param>
/// <param name="Seed">Where its chance begins.</param>
/// <param name="Run">What happens.</param>
internal sealed record SimulationStep(long At, ulong Seed, Action<Chance> Run);
