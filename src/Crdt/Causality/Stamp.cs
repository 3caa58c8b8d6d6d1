namespace Replica.Crdt.Causality;

/// <summary>Names one operation as a replica knows it, with the time that orders it among concurrent ones.</summary>
/// <param name="Time">The hybrid timestamp of its change.</param>
/// <param name="Branch">The branch that holds the change, by local number.</param>
/// <param name="Seq">The change's number on its branch, from 1.</param>
/// <param name="Index">The operation's place in the change, from 0 through all groups.</param>
public readonly record struct Stamp(HybridTimestamp Time, BranchId Branch, ulong Seq, int Index);
