using Replica.Crdt.Causality;

namespace Replica.Crdt.Changes;

/// <summary>Names an operation in bytes, so that branches of a log stay apart.</summary>
/// <param name="Change">The change, with the chain head there.</param>
/// <param name="Index">The operation's place in the change, from 0 through all groups.</param>
public readonly record struct OperationPlace(Position Change, int Index);
