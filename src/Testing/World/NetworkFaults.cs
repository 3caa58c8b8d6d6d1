namespace Replica.Testing.World;

/// <summary>What may happen to a message on its way. The default is a perfect network.</summary>
internal sealed record NetworkFaults
{
    /// <summary>Nothing is lost, doubled, late or damaged.</summary>
    public static NetworkFaults None { get; } = new();

    /// <summary>So many of a hundred messages are lost.</summary>
    public int LossPercent { get; init; }

    /// <summary>So many of a hundred messages arrive twice.</summary>
    public int DuplicatePercent { get; init; }

    /// <summary>So many of a thousand messages are damaged.</summary>
    public int CorruptPerMille { get; init; }

    /// <summary>A message takes up to so long; different delays put messages out of order.</summary>
    public int DelayMillisecondsMax { get; init; } = 1;

    public static NetworkFaults Next(SimulationPlan plan, Chance chance) => new()
    {
        LossPercent = plan.Has(SimulationFault.Loss, chance) ? chance.Pick([3, 10, 40]) : 0,
        DuplicatePercent = plan.Has(SimulationFault.Duplicate, chance) ? chance.Pick([3, 10, 40]) : 0,
        CorruptPerMille = plan.Has(SimulationFault.Corruption, chance) ? chance.Pick([5, 20, 100]) : 0,
        DelayMillisecondsMax = plan.Has(SimulationFault.Delay, chance) ? chance.Pick([20, 200, 2_000]) : 1,
    };
}
