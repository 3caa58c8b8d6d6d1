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

    private static readonly (BranchId Branch, ulong BaseSeq, ChainHead[] Heads) NoWork = (new(-1), 0, []);

    private (BranchId Branch, ulong BaseSeq, ChainHead[] Heads) _atWork = NoWork;

    /// <summary>The chain head at a change of the run at work, or nothing.</summary>
    public HeadPrefix? HeadAtWork(BranchId branch, ulong seq) =>
        branch == _atWork.Branch && seq > _atWork.BaseSeq && seq - _atWork.BaseSeq <= (ulong)_atWork.Heads.Length
            ? _atWork.Heads[seq - _atWork.BaseSeq - 1].Prefix
            : null;

    /// <summary>Drops the run at work, after the store's transaction was given up.</summary>
    public void Forget() => _atWork = NoWork;

    public RunResult Apply(SignedRun run, long now)
    {
        var known = logs.Find(run.Log);
        var (seq, head) = known is null ? (0UL, ChainHead.Empty) : (known.Seq, known.Head);
        if (run.BaseSeq > seq)
        {
            return Result(run, run.BaseSeq, RunVerdict.Gap, $"the run follows change {run.BaseSeq}, and {seq} are known");
        }

        if (run.BaseSeq == 0 && run.BaseHead != default)
        {
            return Result(run, 0, RunVerdict.Forged, "a log's first run has a head before it");
        }

        if (known is not null && logs.HeadAt(known.Branch, run.BaseSeq)?.Prefix != run.BaseHead)
        {
            return Result(run, run.BaseSeq, RunVerdict.Gap, $"the run stands on another branch of the log at {run.BaseSeq}");
        }

        if (run.LastSeq <= seq)
        {
            return CheckKnown(run, known!, run.LastSeq);
        }

        return run.BaseSeq == seq ? ApplyNew(run, known, head, now) : CheckOverlap(run, known!, now);
    }

    /// <summary>Its changes up to <paramref name="last"/> are here already: equal, or a fork, or forged.</summary>
    private RunResult CheckKnown(SignedRun run, LogRow known, ulong last)
    {
        var seq = run.BaseSeq;
        foreach (var stored in engine.ReadChanges(known.Branch, run.BaseSeq + 1, last))
        {
            if (!stored.Body.Span.SequenceEqual(run.Changes[(int)(seq - run.BaseSeq)].Span))
            {
                return OnDifference(run, known, seq + 1);
            }

            seq++;
        }

        return Result(run, run.LastSeq, RunVerdict.Known, "");
    }

    /// <summary>Only what the device signed is a fork; other bytes are the sender's, and say nothing about the log.</summary>
    private RunResult OnDifference(SignedRun run, LogRow known, ulong seq)
    {
        var (_, head) = HashChain(run, logs.HeadAt(known.Branch, run.BaseSeq)!.Value);
        return IsSigned(run, known.Author, head, isGenesis: run.BaseSeq == 0 && run.Changes.Count == 1)
            || IsSigned(run, known.Author, head, isGenesis: false)
            ? Result(run, seq, RunVerdict.Forked, $"change {seq} differs from the one known here, and both are signed")
            : Result(run, run.LastSeq, RunVerdict.Forged, "the signature of the run does not hold");
    }

    private bool IsSigned(SignedRun run, AuthorKey author, ChainHead head, bool isGenesis) => ledger.Space is { } space
        && ledger.Identity.VerifyHead(author, isGenesis ? default : space, new(run.Log, run.LastSeq), head, run.Signature);

    /// <summary>Some of its changes are here: a longer run of the same chain than was taken before.</summary>
    private RunResult CheckOverlap(SignedRun run, LogRow known, long now)
    {
        var shared = (int)(known.Seq - run.BaseSeq);
        var result = CheckKnown(run, known, known.Seq);
        if (result.Verdict != RunVerdict.Known)
        {
            return result;
        }

        var rest = new SignedRun(run.Log, known.Seq, known.Head.Prefix, [.. run.Changes.Skip(shared)], run.Signature);
        return ApplyNew(rest, known, known.Head, now);
    }

    private RunResult ApplyNew(SignedRun run, LogRow? known, ChainHead baseHead, long now)
    {
        var (heads, head) = HashChain(run, baseHead);
        var changes = new Change[run.Changes.Count];
        var decoded = 0;
        RunResult? fault = null;
        try
        {
            for (; decoded < changes.Length; decoded++)
            {
                changes[decoded] = Decode(run.Changes[decoded]);
            }
        }
        catch (UnknownFormatException newer)
        {
            fault = Result(run, run.BaseSeq + (ulong)decoded + 1, RunVerdict.NewerVersion, newer.Message);
        }
        catch (EncodingException bad)
        {
            fault = Result(run, run.BaseSeq + (ulong)decoded + 1, RunVerdict.Invalid, bad.Message);
        }

        // Without a header that fits the log's name there is no key to check the signature with.
        var header = decoded > 0 && run.BaseSeq == 0 ? changes[0].Header : null;
        var author = known?.Author ?? header?.Author;
        if (author is null && decoded == 0 && fault is { Verdict: RunVerdict.NewerVersion })
        {
            // The key stands in what can't be read yet.
            return fault;
        }

        if (author is not { } key || (known is null && LogId.Derive(key, header!.Nonce) != run.Log))
        {
            return Result(run, run.BaseSeq + 1, RunVerdict.Forged, "the log's first change does not name the log");
        }

        var isGenesis = run.BaseSeq == 0 && fault is null && IsGenesis(changes[0]);
        if (!IsSigned(run, key, head, isGenesis))
        {
            return Result(run, run.LastSeq, RunVerdict.Forged, "the signature of the run does not hold");
        }

        if (isGenesis && (changes.Length != 1 || changes[0].Hash().Value != ledger.Space!.Value.Value))
        {
            return Result(run, 1, RunVerdict.Forged, "the founding change is another space's");
        }

        return fault ?? Merge(run, known, key, header?.Name ?? "", changes, heads, now);
    }

    private RunResult Merge(
        SignedRun run, LogRow? known, AuthorKey author, string name, Change[] changes, ChainHead[] heads, long now)
    {
        var log = known ?? logs.Add(run.Log, author, name);
        var check = new ChangeCheck(ledger, logs);
        var context = default(VersionVector);
        var firstArrival = ledger.LastArrival + 1;
        var previous = log.Time;
        for (var i = 0; i < changes.Length; i++)
        {
            // Everything is checked before the first change is merged: a run is taken whole or not at all.
            var verdict = check.BeforeMerge(changes[i], new(run.Log, run.BaseSeq + (ulong)i + 1), previous, i == 0, now);
            if (verdict is { } bad)
            {
                return GiveUp(run, known, log, bad with { At = bad.At with { Head = heads[i].Prefix } });
            }

            previous = changes[i].Time;
        }

        _atWork = (log.Branch, run.BaseSeq, heads);
        context = logs.ContextOf(log.Branch, changes[0].Deps);
        for (var i = 0; i < changes.Length; i++)
        {
            _ = context.Raise(log.Branch, changes[i].Dot.Seq - 1);
            var verdict = check.Merge(changes[i], author, log.Branch, context);
            if (verdict is { } bad)
            {
                _atWork = NoWork;
                ledger.Discard();
                ledger.ReloadSpaceChanges();
                return GiveUp(run, known, log, bad with { At = bad.At with { Head = heads[i].Prefix } });
            }
        }

        ledger.Append(changes, log.Branch, heads[^1], context);
        engine.AppendRun(new(
            firstArrival, log.Branch, run.BaseSeq, run.LastSeq, log.Head, heads[^1], run.Signature, changes.Sum(static c => c.Bytes.Length)));
        ledger.Accept();
        _atWork = NoWork;
        return new(logs[log.Branch].Position, RunVerdict.Applied, null, "");
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

    private RunResult GiveUp(SignedRun run, LogRow? known, LogRow log, RunResult result)
    {
        if (known is null)
        {
            logs.RemoveLast(log.Branch);
        }

        return result with { At = result.At with { Log = run.Log } };
    }

    private static (ChainHead[] Heads, ChainHead Last) HashChain(SignedRun run, ChainHead head)
    {
        var heads = new ChainHead[run.Changes.Count];
        for (var i = 0; i < heads.Length; i++)
        {
            head = head.Append(Change.Hash(run.Changes[i].Span));
            heads[i] = head;
        }

        return (heads, head);
    }

    private static bool IsGenesis(Change change) =>
        change.Groups is [{ Operations: [Operation.Header, Operation.Genesis, ..] }, ..]
        || change.Groups is [_, { Operations: [Operation.Genesis, ..] }, ..];

    private static RunResult Result(SignedRun run, ulong seq, RunVerdict verdict, string detail) =>
        new(new(run.Log, seq, default), verdict, null, detail);
}
