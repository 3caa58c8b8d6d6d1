namespace Replica.Testing.World;

/// <summary>What is simulated. The default is the engine's own test: random writes under all faults.</summary>
public sealed record SimulationOptions
{
    /// <summary>The faults, and how likely they are.</summary>
    public SimulationPlan Plan { get; init; } = SimulationPlan.All;

    /// <summary>What peers do; without any, random writes of every kind and transfers between accounts.</summary>
    public IReadOnlyList<SimulatedAction> Actions { get; init; } = [];

    /// <summary>Promises beyond the engine's own; each history has fresh ones.</summary>
    public IReadOnlyList<Func<ISimulationInvariant>> Invariants { get; init; } = [];

    /// <summary>Takes the story of the history, line by line; the same lines for the same seed.</summary>
    public Action<string>? Trace { get; init; }

    /// <summary>Whether the slow model is asked after every commit, not only now and then and at the end.</summary>
    public bool IsEager { get; init; }

    /// <summary>The numbers of the steps to carry out, counted from 0; nothing for all. The shrinker leaves some out.</summary>
    public IReadOnlySet<int>? Steps { get; init; }
}
