namespace Replica.Testing.Laws;

/// <summary>How much is tried. More finds rarer faults and takes longer.</summary>
public sealed record LawOptions
{
    /// <summary>Decides everything; the same seed gives the same histories.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many histories are drawn.</summary>
    public int Cases { get; init; } = 200;

    /// <summary>How many replicas there are; at least 2.</summary>
    public int Replicas { get; init; } = 3;

    /// <summary>How many steps a history has at most; a step is an operation or one replica hearing of another's.</summary>
    public int Steps { get; init; } = 20;
}
