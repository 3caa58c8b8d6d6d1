using Replica.Crdt.Changes;

namespace Replica.Testing.Scenarios;

/// <summary>A change of a scenario, and where it was written.</summary>
/// <param name="Change">The change.</param>
/// <param name="Author">The replica that wrote it.</param>
internal sealed record WrittenChange(Change Change, ScenarioReplica Author)
{
    /// <summary>The run in which it travels alone. Found anew each time: seldom asked for, and slow among many.</summary>
    public SignedRun ToRun() => Author.RunOf(Change.Dot.Seq);
}
