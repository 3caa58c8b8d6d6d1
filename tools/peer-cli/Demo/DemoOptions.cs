namespace Replica.PeerCli.Demo;

/// <summary>What the user asked of the demo.</summary>
internal sealed record DemoOptions
{
    /// <summary>The graph to load; null for what is at hand.</summary>
    public string? Data { get; init; }

    /// <summary>Whether the homes stay when it is over.</summary>
    public bool KeepsHomes { get; init; }

    /// <summary>How long all of it may take.</summary>
    /// <remarks>Longer for a large graph of one's own; shorter ends a demo that hangs earlier.</remarks>
    public required TimeSpan Limit
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            field = value;
        }
    }
}
