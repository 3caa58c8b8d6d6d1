namespace Replica.Testing.Scenarios;

/// <summary>How scenarios are run.</summary>
public sealed record ScenarioOptions
{
    /// <summary>An existing folder for the replicas' SQLite files; nothing to keep them in memory.</summary>
    /// <remarks>Files of a scenario that ended are deleted.</remarks>
    public string? StoreFolder { get; init; }
}
