using Replica.Crdt.Causality;
using Replica.Peer.Exchange;
using Replica.Peer.Store;
using Replica.Peer.Store.Memory;

namespace Replica.Bench.Rows;

/// <summary>All that a replica does with runs: validity, contexts, elements, and a store in memory; one commit a run.</summary>
internal sealed class LedgerMerge(RemoteChanges changes) : Contender
{
    private const long Milliseconds = 1_700_000_000_000;

    private readonly SpaceLedger _ledger = new(new MemoryEngine(), new CheckedIdentity(AuthorKey.FromBytes([.. Enumerable.Repeat((byte)1, Bytes32.Size)])));

    /// <inheritdoc/>
    public override ValueTask PrepareAsync(string folder, CancellationToken cancellationToken)
    {
        _ledger.Begin();
        _ledger.Join(changes.Space);
        _ = RunBatch.Apply(_ledger, changes.Nodes, static () => Milliseconds);
        _ledger.Commit();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask<long> RunAsync(string folder, CancellationToken cancellationToken)
    {
        var done = 0L;
        foreach (var run in changes.Runs)
        {
            _ledger.Begin();
            done += _ledger.ApplyRun(run, Milliseconds).Verdict == RunVerdict.Applied ? run.Changes.Count : 0;
            _ledger.Commit();
        }

        return ValueTask.FromResult(done);
    }
}
