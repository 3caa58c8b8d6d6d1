using Replica.Crdt.Changes;

namespace Replica.Testing.Scenarios;

/// <summary>A change of a scenario, and where it was written.</summary>
/// <param name="change">The change.</param>
/// <param name="author">The replica that wrote it.</param>
internal sealed class WrittenChange(Change change, ScenarioReplica author)
{
    private SignedRun? _kept;

    public Change Change => change;

    public ScenarioReplica Author => author;

    /// <summary>The run in which it travels alone. Found anew each time: seldom asked for, and slow among many.</summary>
    public SignedRun ToRun() => _kept ?? author.FindRun(change.Dot) ?? throw new InvalidOperationException($"{author.Name} lost {change.Dot}.");

    /// <summary>Keeps the run: its author is about to lose it.</summary>
    public void Keep() => _kept ??= author.FindRun(change.Dot);
}
