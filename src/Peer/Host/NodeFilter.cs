namespace Replica.Peer.Host;

/// <summary>Which nodes to list; all by default. Nodes come in order of their ids' UTF-8 bytes.</summary>
public sealed record NodeFilter
{
    /// <summary>Only nodes of this type.</summary>
    public string? Type { get; init; }

    /// <summary>Only nodes whose id begins so.</summary>
    public string? Prefix { get; init; }

    /// <summary>Only nodes behind this id: where the last page ended.</summary>
    public string? After { get; init; }

    /// <summary>Whether counters come as counters and not as the integers that they show, as export needs it. Takes longer.</summary>
    public bool AreCountersTold { get; init; }

    /// <summary>At most so many; null for all.</summary>
    public int? Limit { get; init; }
}
