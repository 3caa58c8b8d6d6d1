using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;

namespace Replica.Peer.Sync;

/// <summary>
/// What a replica of one space did not take, from whomever it came: so that a new session need not find it out again. Shared by
/// the sessions of a space; any thread may call. It ends with the process: then the first run that comes says the same again.
/// </summary>
internal sealed class RefusalMemory
{
    private readonly Lock _gate = new();
    private readonly Dictionary<LogId, Entry> _entries = [];

    /// <summary>All of it, by log.</summary>
    public IReadOnlyList<Entry> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries.Values.OrderBy(static entry => entry.Result.At)];
            }
        }
    }

    /// <summary>Remembers one; when it is full, nothing: then it is found out again.</summary>
    public void Remember(RunResult result, SignedRun run, int tries, long? due)
    {
        lock (_gate)
        {
            if (_entries.Count < SyncLimits.RefusalsMax || _entries.ContainsKey(result.At.Log))
            {
                // Only where the run ends and how it was signed is looked at later; its changes would be kept for nothing.
                _entries[result.At.Log] = new(result, run with { BaseSeq = run.LastSeq, BaseHead = default, Changes = [] }, tries, due);
            }
        }
    }

    /// <summary>What is remembered of a log.</summary>
    public Entry? Find(LogId log)
    {
        lock (_gate)
        {
            return _entries.GetValueOrDefault(log);
        }
    }

    /// <summary>Takes that a log reaches a place here that was refused before.</summary>
    public void Forget(LogId log)
    {
        lock (_gate)
        {
            _ = _entries.Remove(log);
        }
    }

    /// <summary>A log that is not taken.</summary>
    /// <param name="Result">What was found.</param>
    /// <param name="Run">The run, without its changes.</param>
    /// <param name="Tries">How often it was asked for.</param>
    /// <param name="Due">When it is asked for again, Unix milliseconds; nothing if never.</param>
    internal sealed record Entry(RunResult Result, SignedRun Run, int Tries, long? Due);
}
