namespace Replica.Peer.Host;

/// <summary>Which edges to list; all by default, in order of from, relation, to, key.</summary>
public sealed record EdgeFilter
{
    /// <summary>Only edges that leave this node.</summary>
    public string? From { get; init; }

    /// <summary>Only edges that enter this node.</summary>
    public string? To { get; init; }

    /// <summary>Only edges of this relation.</summary>
    public string? Relation { get; init; }

    /// <summary>Whether counters come as counters and not as the integers that they show, as export needs it. Takes longer.</summary>
    public bool AreCountersTold { get; init; }

    /// <summary>At most so many; null for all.</summary>
    public int? Limit { get; init; }
}
