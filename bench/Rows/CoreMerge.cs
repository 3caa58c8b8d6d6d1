using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;

namespace Replica.Bench.Rows;

/// <summary>The merge alone: each change decoded, hashed into its log's chain, and merged into elements that stay decoded.</summary>
internal sealed class CoreMerge(RemoteChanges changes) : Contender, ICausalView
{
    private static readonly BranchId s_branch = new(0);

    private readonly Dictionary<Target, Element> _elements = [];
    private readonly VersionVector _known = new();
    private ChainHead _head = ChainHead.Empty;
    private OperationContext _at;

    /// <inheritdoc/>
    public override ValueTask PrepareAsync(string folder, CancellationToken cancellationToken)
    {
        _ = Merge(changes.Nodes);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask<long> RunAsync(string folder, CancellationToken cancellationToken) => ValueTask.FromResult(Merge(changes.Runs));

    /// <inheritdoc/>
    public bool HappensBefore(Stamp earlier) => _at.Covers(earlier);

    /// <inheritdoc/>
    public LogId LogOf(BranchId branch) => changes.Runs[0].Log;

    /// <inheritdoc/>
    public ChangeHash HashOf(BranchId branch, ulong seq) => throw new System.Diagnostics.UnreachableException("Nothing is forked here.");

    /// <inheritdoc/>
    public HeadPrefix HeadOf(BranchId branch, ulong seq) => throw new System.Diagnostics.UnreachableException("Nothing is counted here.");

    private long Merge(IReadOnlyList<SignedRun> runs)
    {
        var done = 0L;
        foreach (var run in runs)
        {
            // The head that each run stands on proves that the chain was followed.
            if (_head.Prefix != run.BaseHead)
            {
                return done;
            }

            foreach (var bytes in run.Changes)
            {
                var change = ChangeCodec.Decode(bytes);
                _head = _head.Append(change.Hash());
                Merge(change);
                done++;
            }
        }

        return done;
    }

    private void Merge(Change change)
    {
        _ = _known.Raise(s_branch, change.Dot.Seq - 1);
        var index = 0;
        foreach (var group in change.Groups)
        {
            foreach (var operation in group.Operations)
            {
                _at = new(_known, s_branch, change.Dot.Seq, index);
                if (group.Target is not Target.Space)
                {
                    if (!_elements.TryGetValue(group.Target, out var element))
                    {
                        _elements.Add(group.Target, element = new());
                    }

                    element.Apply(operation, new(change.Time, s_branch, change.Dot.Seq, index), this);
                }

                index++;
            }
        }
    }
}
