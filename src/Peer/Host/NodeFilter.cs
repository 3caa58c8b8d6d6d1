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

    /// <summary>At most so many; null for all.</summary>
    public int? Limit { get; init; }
}
