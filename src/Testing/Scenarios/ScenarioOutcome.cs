namespace Replica.Testing.Scenarios;

/// <summary>How a scenario ended.</summary>
public enum ScenarioOutcome
{
    /// <summary>Every assertion held.</summary>
    Ok,

    /// <summary>It was not run: the runner lacks an ability, or the scenario is about engines with other policies.</summary>
    Skipped,

    /// <summary>An assertion did not hold, or a step could not be carried out.</summary>
    Failed,
}
