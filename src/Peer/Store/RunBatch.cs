using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;

namespace Replica.Peer.Store;

/// <summary>Runs that came together.</summary>
internal static class RunBatch
{
    /// <summary>Applies runs in order; behind one that fails the rest of its log is not tried, unless it stands on another branch.</summary>
    public static RunResult[] Apply(SpaceLedger ledger, IReadOnlyList<SignedRun> runs, Func<long> now)
    {
        var results = new RunResult[runs.Count];
        var failed = new HashSet<LogId>();
        for (var i = 0; i < results.Length; i++)
        {
            var start = new Position(runs[i].Log, runs[i].BaseSeq, runs[i].BaseHead);
            results[i] = failed.Contains(runs[i].Log) && !ledger.Places.Holds(start)
                ? new(new(runs[i].Log, runs[i].BaseSeq, default), RunVerdict.Skipped, null, "an earlier run of the log failed")
                : ledger.ApplyRun(runs[i], now());
            if (results[i].Verdict is not (RunVerdict.Applied or RunVerdict.Known))
            {
                _ = failed.Add(runs[i].Log);
            }
        }

        return results;
    }
}
