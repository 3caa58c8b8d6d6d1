namespace Replica.Crdt.Causality;

/// <summary>What the merge rules ask about the operation that is being applied and about the logs behind stamps.</summary>
public interface ICausalView
{
    /// <summary>Whether the operation of <paramref name="earlier"/> happens before the one being applied.</summary>
    bool HappensBefore(Stamp earlier);

    /// <summary>The log that a branch belongs to.</summary>
    LogId LogOf(BranchId branch);

    /// <summary>The hash of an applied change; asked for only to order two branches of one log.</summary>
    ChangeHash HashOf(BranchId branch, ulong seq);

    /// <summary>The first bytes of the chain head at an applied change; asked for to know what an add to a counter names.</summary>
    HeadPrefix HeadOf(BranchId branch, ulong seq);
}
