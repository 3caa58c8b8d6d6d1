using Replica.Crdt.Causality;
using Replica.Peer.Exchange;
using Replica.Peer.Store.Incarnations;

namespace Replica.Peer.Store;

/// <summary>Finds places of logs that peers speak of on the chains that are held here.</summary>
internal sealed class PlaceFinder(SpaceLedger ledger, LogTable logs)
{
    /// <summary>How often at most a mere claim makes this device open a new log: else a liar could use up all logs of a space.</summary>
    private const long ClaimPauseMilliseconds = 60 * 60 * 1000;

    /// <summary>How many changes of a log are here, on its longest branch.</summary>
    public ulong SeqOf(LogId log) => logs.BranchesOf(log).Select(branch => logs[branch].Seq).DefaultIfEmpty().Max();

    /// <summary>Whether a run that begins behind this place could be taken.</summary>
    public bool Holds(Position place) => logs.Locate(place) is not null;

    /// <summary>Finds places. One of the own log that is not here freezes that log, at most once an hour.</summary>
    /// <param name="query">The places; a number of 0 is the empty log.</param>
    /// <param name="now">Unix milliseconds.</param>
    public PlaceReport Locate(PlaceQuery query, long now)
    {
        var found = new FoundPlace[query.Places.Count];
        var traces = new Dictionary<LogId, IReadOnlyList<IReadOnlyList<Position>>>();
        if (query.Traced is { } traced)
        {
            traces.Add(traced, TracesOf(traced));
        }

        for (var i = 0; i < found.Length; i++)
        {
            var place = query.Places[i];
            var branch = logs.Locate(place);
            var isAhead = false;
            if (branch is null && logs.Find(place.Log) is not null)
            {
                OnClaim(place, now);
                if (place.Seq <= SeqOf(place.Log))
                {
                    _ = traces.TryAdd(place.Log, traces.GetValueOrDefault(place.Log) ?? TracesOf(place.Log));
                }
                else if (logs.BranchesOf(place.Log) is [var only] && query.Traced is null)
                {
                    branch = only;
                    isAhead = true;
                }
            }

            found[i] = new(place, branch) { IsAhead = isAhead };
        }

        return new(found, traces);
    }

    /// <summary>How far each branch here is held by a peer that holds these places.</summary>
    /// <param name="theirs">
    /// Places; the only one of its log, beyond the only chain here, counts as ahead on it; others on no chain here count for nothing.
    /// </param>
    public Dictionary<BranchId, ulong> Reach(IReadOnlyCollection<Position> theirs)
    {
        var reach = new Dictionary<BranchId, ulong>();
        var forked = theirs.GroupBy(static place => place.Log)
            .Where(static places => places.Skip(1).Any())
            .Select(static places => places.Key)
            .ToHashSet();
        foreach (var place in theirs)
        {
            var isAhead = !forked.Contains(place.Log) && logs.BranchesOf(place.Log) is [var single] && place.Seq > logs[single].Seq;
            if ((isAhead ? logs.BranchesOf(place.Log)[0] : logs.Locate(place)) is { } branch)
            {
                reach[branch] = Math.Max(place.Seq, reach.GetValueOrDefault(branch));
            }
        }

        return reach;
    }

    private Position[][] TracesOf(LogId log) =>
        [.. logs.BranchesOf(log).Take(PlaceReport.TracesMax).Select(branch => logs.Trace(branch).ToArray())];

    private void OnClaim(Position place, long now)
    {
        if (ledger.OwnLog is not { } own || own.Log != place.Log)
        {
            return;
        }

        var isRepeated = ledger.Ended is { Reason: IncarnationReason.Claimed, UnixMilliseconds: var last }
            && Math.Abs(now - last) < ClaimPauseMilliseconds;
        if (!isRepeated)
        {
            ledger.EndOwnLog(IncarnationReason.Claimed, now);
        }
    }
}
