using System.Diagnostics;
using Replica.Crdt.Causality;

namespace Replica.Peer.Store;

/// <summary>Orders the stamps of a snapshot. Nothing is applied to a snapshot, so it answers nothing else.</summary>
internal sealed class SnapshotOrder(IReadOnlyList<LogRow> logs, Func<BranchId, ulong, ChangeHash> hashOf) : ICausalView
{
    public LogId LogOf(BranchId branch) => logs[branch.Value].Log;

    public ChangeHash HashOf(BranchId branch, ulong seq) => hashOf(branch, seq);

    public bool HappensBefore(Stamp earlier) => throw new UnreachableException("No operation is applied to a snapshot.");

    public HeadPrefix HeadOf(BranchId branch, ulong seq) => throw new UnreachableException("No operation is applied to a snapshot.");
}
