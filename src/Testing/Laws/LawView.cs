using System.Diagnostics;
using Replica.Crdt.Causality;

namespace Replica.Testing.Laws;

/// <summary>Answers for the operation that is being applied.</summary>
internal sealed class LawView : ICausalView
{
    private OperationContext _at;

    /// <summary>Turns to the next operation.</summary>
    public void MoveTo<TOperation>(LawOperation<TOperation> operation) =>
        _at = new(operation.Known, operation.Stamp.Branch, operation.Stamp.Seq, operation.Stamp.Index);

    public bool HappensBefore(Stamp earlier) => _at.Covers(earlier);

    public LogId LogOf(BranchId branch) => LogOf(branch.Value);

    public ChangeHash HashOf(BranchId branch, ulong seq) => throw new UnreachableException("No log of a law's history is forked.");

    public HeadPrefix HeadOf(BranchId branch, ulong seq) => new(((UInt128)(branch.Value + 1) << 64) | seq);

    /// <summary>The log of a replica.</summary>
    public static LogId LogOf(int replica) => new((UInt128)(replica + 1));
}
