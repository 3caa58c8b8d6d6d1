using Replica.Crdt.Changes;

namespace Replica.Testing.Scenarios;

/// <summary>A change of a scenario, and the run in which it travels alone.</summary>
/// <param name="Change">The change.</param>
/// <param name="Run">The run.</param>
internal sealed record WrittenChange(Change Change, SignedRun Run);
