using Replica.Crdt.Causality;

namespace Replica.Testing.Laws;

/// <summary>One operation of a history, and what its author had seen.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Stamp">Its stamp; the branch is the number of the replica that did it.</param>
/// <param name="Known">What its author had seen: not to be changed.</param>
/// <typeparam name="TOperation">What replicas send each other.</typeparam>
public sealed record LawOperation<TOperation>(TOperation Operation, Stamp Stamp, VersionVector Known)
{
    /// <summary>Whether this one happens before another.</summary>
    public bool IsBefore(LawOperation<TOperation> other) => other.Known.Covers(Stamp.Branch, Stamp.Seq);

    /// <summary>Replica and number, as stories name it.</summary>
    public string Name => $"r{Stamp.Branch.Value}:{Stamp.Seq}";
}
