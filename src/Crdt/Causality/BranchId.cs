namespace Replica.Crdt.Causality;

/// <summary>A replica's own number for a log, or for one branch of a forked log. Never leaves the replica.</summary>
/// <param name="Value">From 0, without gaps.</param>
public readonly record struct BranchId(int Value)
{
    /// <summary>The number, marked as a local one.</summary>
    public override string ToString() => $"#{Value}";
}
