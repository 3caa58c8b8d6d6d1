namespace Replica.Testing.Histories;

/// <summary>How big and how wild a random history is. Few ids make more meetings, and so more conflicts.</summary>
public sealed record HistoryShape
{
    /// <summary>How many replicas write; at least 1.</summary>
    public int Replicas { get; init; } = 3;

    /// <summary>How many steps are taken; each is a change or one replica hearing of another's.</summary>
    public int Steps { get; init; } = 24;

    /// <summary>How many of a hundred steps are hearing; fewer leave replicas apart for longer.</summary>
    public int HearPercent { get; init; } = 35;

    /// <summary>How many node ids there are.</summary>
    public int Nodes { get; init; } = 2;

    /// <summary>How many field names there are.</summary>
    public int Fields { get; init; } = 2;

    /// <summary>Whether there are counters, sets, vectors, moves and declarations too; without, only nodes, edges and registers.</summary>
    public bool HasKinds { get; init; } = true;

    /// <summary>The most operations in a change.</summary>
    public int OperationsMax { get; init; } = 3;

    /// <summary>How many of a hundred operations on nodes are moves.</summary>
    public int MovePercent { get; init; } = 10;

    /// <summary>How far a replica's clock may be off, in milliseconds either way.</summary>
    public int SkewMilliseconds { get; init; } = 50;

    /// <summary>How many of a hundred steps copy a replica, which then writes the same log as the one it was copied from.</summary>
    /// <remarks>Never drawn: a seed on file keeps its meaning.</remarks>
    public int ForkPercent { get; init; }

    /// <summary>A random shape, small most of the time.</summary>
    public static HistoryShape Next(Chance chance) => new()
    {
        Replicas = chance.Between(2, 4),
        Steps = chance.Between(4, 40),
        HearPercent = chance.Between(10, 60),
        Nodes = chance.Between(1, 3),
        Fields = chance.Between(1, 2),
        OperationsMax = chance.Between(1, 4),
        SkewMilliseconds = chance.Pick([0, 5, 1_000, 60_000]),
        MovePercent = chance.Pick([0, 10, 40]),
    };
}
