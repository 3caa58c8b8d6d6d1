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

    /// <summary>At most so many; null for all.</summary>
    public int? Limit { get; init; }
}
