namespace Replica.Crdt.Changes;

/// <summary>Operations on one target that follow each other in a change.</summary>
/// <param name="Target">What they are about.</param>
/// <param name="Operations">At least one, in order of execution.</param>
public sealed record OperationGroup(Target Target, IReadOnlyList<Operation> Operations);
