namespace Replica.Testing.World;

/// <summary>What may happen to a message on its way. The default is a perfect network.</summary>
internal sealed record NetworkFaults
{
    /// <summary>Nothing is lost, doubled, late or cut off.</summary>
    public static NetworkFaults None { get; } = new();

    /// <summary>So many of a hundred messages are lost.</summary>
    public int LossPercent { get; init; }

    /// <summary>So many of a hundred messages arrive twice.</summary>
    public int DuplicatePercent { get; init; }

    /// <summary>A message takes up to so long; different delays put messages out of order.</summary>
    public int DelayMillisecondsMax { get; init; } = 1;

    public static NetworkFaults Next(Chance chance) => new()
    {
        LossPercent = chance.Pick([0, 5, 30]),
        DuplicatePercent = chance.Pick([0, 5, 30]),
        DelayMillisecondsMax = chance.Pick([1, 50, 2_000]),
    };
}
