using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Peer.Store;

namespace Replica.Testing.Scenarios;

/// <summary>One replica of a scenario: the real ledger over a real store. It reads no clock and draws no chance.</summary>
/// <param name="name">Its name in the scenario.</param>
/// <param name="identity">Who writes.</param>
/// <param name="drawNonce">What names its next log, together with the key.</param>
/// <param name="store">Where it rests; owned from here on.</param>
internal sealed class ScenarioReplica(string name, LedgerIdentity identity, Func<IncarnationNonce> drawNonce, ReplicaStore store) : IDisposable
{
    private const int PageBytesMax = 256 * 1024;

    private (SpaceLedger Ledger, IncarnationGuard Guard) _open = Open(store, identity);

    private Dictionary<(LogId Log, ulong BaseSeq, SignatureBytes Signature), SignedRun> _waiting = [];

    public string Name => name;

    public AuthorKey Author => identity.Author;

    /// <summary>How far its clock is off, in milliseconds.</summary>
    public long SkewMilliseconds { get; set; }

    /// <summary>Who writes here.</summary>
    public LedgerIdentity Identity => identity;

    public SpaceLedger Ledger => _open.Ledger;

    public IStoreEngine Engine => store.Engine;

    /// <summary>Logs of which it was given two different signed changes in one place.</summary>
    public IReadOnlySet<LogId> Forks => Ledger.Logs.Where(static log => log.Fork is not null).Select(static log => log.Log).ToHashSet();

    /// <summary>Whether its files were put back and it has met nobody since: it then exchanges all it has with the first it meets.</summary>
    public bool IsRestored { get; set; }

    /// <summary>How many runs were delivered and have not taken effect yet.</summary>
    public int WaitingCount => _waiting.Count;

    public void Dispose() => store.Dispose();

    public SpaceId Found(long now) => Commit(() => Ledger.Found(name, drawNonce(), now));

    public void Join(SpaceId space) => _ = Commit(() =>
    {
        Ledger.Join(space);
        return space;
    });

    /// <summary>Runs one transaction in a commit of its own, so that its change is a run of its own.</summary>
    public Change? Write(long now, Action<ITransaction> body) => Commit(() =>
    {
        _open.Guard.BeforeWrite(Ledger, now);
        _ = Ledger.Transact(
            transaction =>
            {
                body(transaction);
                return 0;
            },
            (name, Ledger.OwnBranch is null ? drawNonce() : default),
            now,
            out var written);
        return written;
    });

    /// <summary>The run with which a change that is here ends; nothing if it is not.</summary>
    public SignedRun? FindRun(Dot dot)
    {
        var log = Ledger.Logs.FirstOrDefault(log => log.Log == dot.Log && log.BaseSeq < dot.Seq && dot.Seq <= log.Seq);
        return log is null || Engine.FindRun(log.Branch, dot.Seq) is not { } run ? null : new(
            log.Log,
            run.BaseSeq,
            run.BaseHead.Prefix,
            [.. Engine.ReadChanges(log.Branch, run.BaseSeq + 1, run.LastSeq).Select(static change => change.Body)],
            run.Signature);
    }

    /// <summary>The first change of the log that it writes.</summary>
    public Change FirstOwnChange() => ChangeCodec.Decode(Engine.ReadChanges(Ledger.OwnBranch!.Value, 1, 1)[0].Body);

    /// <summary>All runs here that another replica lacks, in this replica's order of application.</summary>
    public IReadOnlyList<SignedRun> RunsFor(ScenarioReplica other)
    {
        using var reader = Engine.OpenReader();
        var has = Ledger.Places.Reach(other.Ledger.Positions());
        var runs = new List<SignedRun>();
        var page = new RunPage([], 0, true);
        while (page.More)
        {
            page = reader.ReadRuns(new(page.LastArrival, has, new HashSet<BranchId>(), PageBytesMax));
            _open.Guard.BeforeSend(page.Runs, Ledger.OwnLog?.Position);
            runs.AddRange(page.Runs.Select(static run => run.Run));
        }

        return runs;
    }

    /// <summary>Takes runs; those that can't take effect yet wait here and are tried again with the next ones, as a peer would ask for them.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="now">The clock here, Unix milliseconds.</param>
    /// <returns>Whether any took effect.</returns>
    public bool Receive(IEnumerable<SignedRun> runs, long now)
    {
        foreach (var run in runs)
        {
            _waiting[(run.Log, run.BaseSeq, run.Signature)] = run;
        }

        var isChanged = false;
        while (_waiting.Count > 0 && Commit(() => ApplyWaiting(now)))
        {
            isChanged = true;
        }

        return isChanged;
    }

    /// <summary>The process ends and starts again from what it stored.</summary>
    /// <param name="isCrash">Whether it ends without any goodbye.</param>
    public void Restart(bool isCrash)
    {
        if (isCrash)
        {
            store.Crash();
        }
        else
        {
            store.Restart();
            _open.Guard.Close();
        }

        _open = Open(store, identity);
    }

    /// <summary>A copy of its files as they lie.</summary>
    public StoreCopy Copy() => store.Copy();

    /// <summary>The process ends, and starts again from a copy that was put in place of its files; nothing for an empty store.</summary>
    public void PutBack(StoreCopy? copy)
    {
        store.PutBack(copy);
        IsRestored = copy is not null;
        _waiting = [];
        _open = Open(store, identity);
    }

    private static (SpaceLedger Ledger, IncarnationGuard Guard) Open(ReplicaStore store, LedgerIdentity identity)
    {
        var ledger = new SpaceLedger(store.Engine, identity);
        return (ledger, new(store.Place, isFull: true, ledger, now: 0));
    }

    private bool ApplyWaiting(long now)
    {
        var left = new Dictionary<(LogId Log, ulong BaseSeq, SignatureBytes Signature), SignedRun>();
        var isChanged = false;
        foreach (var (place, run) in _waiting)
        {
            var result = Ledger.ApplyRun(run, now);
            switch (result.Verdict)
            {
                case RunVerdict.Applied:
                    isChanged = true;
                    break;
                case RunVerdict.Known:
                    break;
                case RunVerdict.Gap or RunVerdict.DependencyMissing or RunVerdict.ClockAhead:
                    left.Add(place, run);
                    break;
                default:
                    throw new InvalidOperationException($"{name} refuses an honest run: {result}");
            }
        }

        _waiting = left;
        return isChanged;
    }

    private T Commit<T>(Func<T> body)
    {
        Ledger.Begin();
        try
        {
            var result = body();
            Ledger.Commit();
            return result;
        }
        catch
        {
            Ledger.Rollback();
            throw;
        }
    }
}
