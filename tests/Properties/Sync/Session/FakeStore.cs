using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Testing;

namespace Replica.Tests.Properties.Sync.Session;

/// <summary>Logs with chains and an order of arrival, in memory: what sync sees of a store, without signatures.</summary>
internal sealed class FakeStore(Chance chance, Func<long> now)
{
    private readonly Dictionary<LogId, List<(byte[] Body, ChainHead Head)>> _logs = [];
    private readonly List<PagedRun> _runs = [];
    private readonly List<LogId> _branches = [];

    public IReadOnlyList<Position> Durable =>
        [.. _logs.Where(static log => log.Value.Count > 0).Select(log => Tip(log.Key)).Order()];

    public int Runs => _runs.Count;

    public Position Tip(LogId log) =>
        _logs.TryGetValue(log, out var changes) && changes.Count > 0 ? new(log, (ulong)changes.Count, changes[^1].Head.Prefix) : new(log, 0, default);

    /// <summary>Writes a run that depends on all that is here.</summary>
    public SignedRun Write(LogId log, int changes = 1, int bytes = 20, RunVerdict fault = RunVerdict.Applied, long notBefore = 0)
    {
        var tip = Tip(log);
        var deps = Durable.Where(position => position.Log != log).ToArray();
        var bodies = Enumerable.Range(0, changes)
            .Select(i => new FakeChange(i == 0 ? deps : [], i == changes - 1 ? fault : RunVerdict.Applied, notBefore, chance.Bytes(bytes)).Encode())
            .Select(static body => new ReadOnlyMemory<byte>(body)).ToArray();
        var run = new SignedRun(log, tip.Seq, tip.Head, bodies, new(new byte[64]));
        Append(run, 0);
        return run;
    }

    public RunPage Read(RunQuery query)
    {
        var page = new List<PagedRun>();
        var bytes = 0;
        for (var i = (int)query.AfterArrival; i < _runs.Count; i++)
        {
            var run = _runs[i];
            if (bytes >= query.BytesMax)
            {
                return new(page, i, true);
            }

            if (!query.Blocked.Contains(run.Branch) && run.Run.LastSeq > query.Has.GetValueOrDefault(run.Branch))
            {
                page.Add(run);
                bytes += run.Run.Changes.Sum(static change => change.Length);
            }
        }

        return new(page, _runs.Count, false);
    }

    /// <summary>Every log has one branch: a place on another chain is on none here.</summary>
    public PlaceReport Locate(PlaceQuery query)
    {
        var found = query.Places.Select(place =>
        {
            var log = _logs.GetValueOrDefault(place.Log) ?? [];
            var isHere = place.Seq == 0 ? log.Count > 0
                : place.Seq > (ulong)log.Count ? log.Count > 0 && query.Traced is null
                : log[(int)place.Seq - 1].Head.Prefix == place.Head;
            return new FoundPlace(place, isHere ? BranchOf(place.Log) : null) { IsAhead = isHere && place.Seq > (ulong)log.Count };
        }).ToArray();
        var apart = found.Where(place => place.Branch is null && place.Place.Seq <= Tip(place.Place.Log).Seq).Select(place => place.Place.Log);
        return new(found, apart.Concat(query.Traced is { } log ? [log] : []).Distinct().ToDictionary(log => log, Traces));
    }

    private IReadOnlyList<IReadOnlyList<Position>> Traces(LogId log) => [[Tip(log), new(log, 0, default)]];

    private BranchId BranchOf(LogId log)
    {
        if (!_branches.Contains(log))
        {
            _branches.Add(log);
        }

        return new(_branches.IndexOf(log));
    }

    public ApplyReport Apply(IReadOnlyList<SignedRun> runs)
    {
        var failed = new HashSet<LogId>();
        var results = new List<RunResult>();
        foreach (var run in runs)
        {
            var result = failed.Contains(run.Log) ? new(new(run.Log, run.BaseSeq, default), RunVerdict.Skipped, null, "") : ApplyOne(run);
            results.Add(result);
            if (result.Verdict is not (RunVerdict.Applied or RunVerdict.Known))
            {
                failed.Add(run.Log);
            }
        }

        return new(results, Durable);
    }

    private RunResult ApplyOne(SignedRun run)
    {
        var log = _logs.GetValueOrDefault(run.Log) ?? [];
        if (run.BaseSeq > (ulong)log.Count)
        {
            return new(new(run.Log, run.BaseSeq, default), RunVerdict.Gap, null, "");
        }

        var head = run.BaseSeq == 0 ? default : log[(int)run.BaseSeq - 1].Head;
        if (head.Prefix != run.BaseHead)
        {
            return new(new(run.Log, run.BaseSeq, default), RunVerdict.Gap, null, "");
        }

        var known = 0;
        for (; known < run.Changes.Count && (int)run.BaseSeq + known < log.Count; known++)
        {
            if (!run.Changes[known].Span.SequenceEqual(log[(int)run.BaseSeq + known].Body))
            {
                return new(new(run.Log, run.BaseSeq + (ulong)known + 1, default), RunVerdict.Gap, null, "");
            }
        }

        if (known == run.Changes.Count)
        {
            return new(new(run.Log, run.LastSeq, log[(int)run.LastSeq - 1].Head.Prefix), RunVerdict.Known, null, "") { Branch = BranchOf(run.Log) };
        }

        var place = run.BaseSeq == 0 ? ChainHead.Empty : log[(int)run.BaseSeq - 1].Head;
        for (var i = 0; i < run.Changes.Count; i++)
        {
            var change = FakeChange.Decode(run.Changes[i]);
            place = place.Append(Change.Hash(run.Changes[i].Span));
            var at = new Position(run.Log, run.BaseSeq + (ulong)i + 1, place.Prefix);
            if (change.Fault != RunVerdict.Applied)
            {
                return new(at, change.Fault, null, "");
            }

            if (change.NotBefore > now())
            {
                return new(at, RunVerdict.ClockAhead, change.NotBefore, "");
            }

            if (change.Deps.Any(dep => !Covers(dep)))
            {
                return new(at, RunVerdict.DependencyMissing, null, "");
            }
        }

        Append(run, known);
        return new(Tip(run.Log), RunVerdict.Applied, null, "") { Branch = BranchOf(run.Log) };
    }

    private bool Covers(Position dep) =>
        _logs.TryGetValue(dep.Log, out var log) && dep.Seq <= (ulong)log.Count && log[(int)dep.Seq - 1].Head.Prefix == dep.Head;

    private void Append(SignedRun run, int skipped)
    {
        if (!_logs.TryGetValue(run.Log, out var log))
        {
            _logs.Add(run.Log, log = []);
        }

        var tip = Tip(run.Log);
        foreach (var change in run.Changes.Skip(skipped))
        {
            var head = log.Count == 0 ? ChainHead.Empty : log[^1].Head;
            log.Add((change.ToArray(), head.Append(Change.Hash(change.Span))));
        }

        _runs.Add(new(
            run with { BaseSeq = tip.Seq, BaseHead = tip.Head, Changes = [.. run.Changes.Skip(skipped)] }, BranchOf(run.Log), log[^1].Head.Prefix));
    }
}
