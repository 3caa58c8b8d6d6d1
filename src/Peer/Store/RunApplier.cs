using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Peer.Exchange;

namespace Replica.Peer.Store;

/// <summary>Checks runs that came from elsewhere and applies them whole or not at all.</summary>
internal sealed class RunApplier(SpaceLedger ledger, IStoreEngine engine, LogTable logs)
{
    /// <summary>How far a stamp may lie ahead of the clock here before its run waits.</summary>
    public const long ClockAheadMaxMilliseconds = 5 * 60 * 1000;

    private RunAtWork _atWork = RunAtWork.None;

    /// <summary>The chain head at a change of the run at work, or nothing.</summary>
    public HeadPrefix? HeadAtWork(BranchId branch, ulong seq) =>
        branch == _atWork.Branch && seq > _atWork.BaseSeq && seq - _atWork.BaseSeq <= (ulong)_atWork.Heads.Length
            ? _atWork.Heads[seq - _atWork.BaseSeq - 1].Prefix
            : null;

    /// <summary>Drops the run at work, after the store's transaction was given up.</summary>
    public void Forget() => _atWork = RunAtWork.None;

    /// <summary>The hash of a change of the run at work, or nothing: the store doesn't have it yet.</summary>
    public ChangeHash? HashAtWork(BranchId branch, ulong seq) =>
        branch == _atWork.Branch && seq > _atWork.BaseSeq && seq - _atWork.BaseSeq <= (ulong)_atWork.Changes.Length
            ? _atWork.Changes[seq - _atWork.BaseSeq - 1].Hash()
            : null;

    public RunResult Apply(SignedRun run, long now)
    {
        if (run.BaseSeq == 0 && run.BaseHead != default)
        {
            return Result(run, 0, RunVerdict.Forged, "a log's first run has a head before it");
        }

        if (logs.Find(run.Log) is null)
        {
            return run.BaseSeq > 0
                ? Result(run, run.BaseSeq, RunVerdict.Gap, $"the run follows change {run.BaseSeq}, and none is known")
                : ApplyNew(run, new(null, 0, 0, HashChain(run, ChainHead.Empty)), now);
        }

        var start = new Position(run.Log, run.BaseSeq, run.BaseHead);
        if (logs.Locate(start) is not { } branch)
        {
            return Result(run, run.BaseSeq, RunVerdict.Gap, $"the run follows {start}, which is on no chain known here");
        }

        var place = FindPlace(run, branch, HashChain(run, logs.HeadAt(branch, run.BaseSeq)!.Value));
        return place.Held == run.Changes.Count
            ? new(start with { Seq = run.LastSeq, Head = place.Heads[^1].Prefix }, RunVerdict.Known, null, "") { Branch = place.Branch }
            : ApplyNew(run, place, now);
    }

    /// <summary>Follows a run along what is held here, from branch to branch, up to its first change that is new.</summary>
    private RunPlace FindPlace(SignedRun run, BranchId branch, ChainHead[] heads)
    {
        var held = 0;
        while (true)
        {
            if (logs[branch].Seq == run.BaseSeq + (ulong)held)
            {
                return new(branch, logs[branch].Seq, held, heads);
            }

            foreach (var stored in engine.ReadChanges(branch, run.BaseSeq + (ulong)held + 1, run.LastSeq))
            {
                if (!stored.Body.Span.SequenceEqual(run.Changes[held].Span))
                {
                    break;
                }

                held++;
            }

            var seq = run.BaseSeq + (ulong)held;
            if (held == heads.Length || engine.FindBranchHead(seq + 1, heads[held].Prefix) is not { } next || logs[next].Log != run.Log)
            {
                return new(branch, seq, held, heads);
            }

            branch = next;
        }
    }

    private bool IsSigned(SignedRun run, AuthorKey author, ChainHead head, bool isGenesis) => ledger.Space is { } space
        && ledger.Identity.VerifyHead(author, isGenesis ? default : space, new(run.Log, run.LastSeq), head, run.Signature);

    private RunResult ApplyNew(SignedRun run, RunPlace place, long now)
    {
        var bodies = run.Changes.Skip(place.Held).ToArray();
        var changes = new Change[bodies.Length];
        var decoded = 0;
        RunResult? fault = null;
        try
        {
            for (; decoded < changes.Length; decoded++)
            {
                changes[decoded] = Decode(bodies[decoded]);
            }
        }
        catch (UnknownFormatException newer)
        {
            fault = Result(run, place.Seq + (ulong)decoded + 1, RunVerdict.NewerVersion, newer.Message);
        }
        catch (EncodingException bad)
        {
            fault = Result(run, place.Seq + (ulong)decoded + 1, RunVerdict.Invalid, bad.Message);
        }

        // Without a header that fits the log's name there is no key to check the signature with.
        var header = decoded > 0 && place.Seq == 0 ? changes[0].Header : null;
        var author = header?.Author ?? (place.Branch is { } branch ? logs[branch].Author : default(AuthorKey?));
        if (author is null && decoded == 0 && fault is { Verdict: RunVerdict.NewerVersion })
        {
            // The key stands in what can't be read yet.
            return fault;
        }

        if (author is not { } key || (header is not null && LogId.Derive(key, header.Nonce) != run.Log))
        {
            return Result(run, run.BaseSeq + 1, RunVerdict.Forged, "the log's first change does not name the log");
        }

        var isGenesis = place.Seq == 0 && fault is null && IsGenesis(changes[0]);
        if (!IsSigned(run, key, place.Heads[^1], isGenesis))
        {
            return Result(run, run.LastSeq, RunVerdict.Forged, "the signature of the run does not hold");
        }

        if (isGenesis && (run.Changes.Count != 1 || changes[0].Hash().Value != ledger.Space!.Value.Value))
        {
            return Result(run, 1, RunVerdict.Forged, "the founding change is another space's");
        }

        return fault is null
            ? Merge(run, place, key, header?.Name, changes, now)
            : fault with { At = fault.At with { Head = HeadOf(place, fault.At.Seq) } };
    }

    private RunResult Merge(SignedRun run, RunPlace place, AuthorKey author, string? name, Change[] changes, long now)
    {
        var log = place.Branch is not { } at ? logs.Add(run.Log, author, name ?? "")
            : logs[at].Seq == place.Seq ? logs[at]
            : logs.Fork(at, place.Seq, name);
        var isNew = log.Branch.Value == logs.Logs.Count - 1 && log.Branch != place.Branch;
        var check = new ChangeCheck(ledger, logs);
        var firstArrival = ledger.LastArrival + 1;
        var previous = log.Time;
        for (var i = 0; i < changes.Length; i++)
        {
            // Everything is checked before the first change is merged: a run is taken whole or not at all.
            var isFirst = i == 0 && place.Held == 0;
            var verdict = check.BeforeMerge(changes[i], new(run.Log, place.Seq + (ulong)i + 1), previous, isFirst, now);
            if (verdict is { } bad)
            {
                return GiveUp(isNew, log, place, bad);
            }

            previous = changes[i].Time;
        }

        _atWork = new(log.Branch, place.Seq, place.Heads[place.Held..], changes);
        var context = logs.ContextOf(log.Branch, changes[0].Deps);
        for (var i = 0; i < changes.Length; i++)
        {
            _ = context.Raise(log.Branch, changes[i].Dot.Seq - 1);
            var verdict = check.Merge(changes[i], author, log.Branch, context);
            if (verdict is { } bad)
            {
                _atWork = RunAtWork.None;
                ledger.Discard();
                ledger.ReloadSpaceChanges();
                return GiveUp(isNew, log, place, bad);
            }
        }

        ledger.Append(changes, log.Branch, place.Heads[^1], context);
        engine.AppendRun(new(
            firstArrival, log.Branch, place.Seq, run.LastSeq, log.Head, place.Heads[^1], run.Signature, changes.Sum(static c => c.Bytes.Length)));
        ledger.Accept();
        _atWork = RunAtWork.None;
        return new(logs[log.Branch].Position, RunVerdict.Applied, null, "") { Branch = log.Branch };
    }

    /// <summary>A change with a binding operation that is not known here is judged with the others, by the format level of its context.</summary>
    private static Change Decode(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return ChangeCodec.Decode(bytes);
        }
        catch (UnknownOperationException newer)
        {
            return newer.Change;
        }
    }

    private RunResult GiveUp(bool isNew, LogRow log, RunPlace place, RunResult bad)
    {
        if (isNew)
        {
            logs.RemoveLast(log.Branch);
        }

        return bad with { At = new(log.Log, bad.At.Seq, HeadOf(place, bad.At.Seq)) };
    }

    private static HeadPrefix HeadOf(RunPlace place, ulong seq) => place.Heads[place.Held + (int)(seq - place.Seq) - 1].Prefix;

    private static ChainHead[] HashChain(SignedRun run, ChainHead head)
    {
        var heads = new ChainHead[run.Changes.Count];
        for (var i = 0; i < heads.Length; i++)
        {
            head = head.Append(Change.Hash(run.Changes[i].Span));
            heads[i] = head;
        }

        return heads;
    }

    private static bool IsGenesis(Change change) =>
        change.Groups is [{ Operations: [Operation.Header, Operation.Genesis, ..] }, ..]
        || change.Groups is [_, { Operations: [Operation.Genesis, ..] }, ..];

    private static RunResult Result(SignedRun run, ulong seq, RunVerdict verdict, string detail) =>
        new(new(run.Log, seq, default), verdict, null, detail);
}
