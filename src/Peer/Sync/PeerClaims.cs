using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Peer.Sync;

/// <summary>Which positions the other side of a session says it holds: what status says about it.</summary>
internal sealed class PeerClaims(OwnPositions own)
{
    private readonly Dictionary<LogId, Position[]> _claims = [];

    /// <summary>How many positions are remembered.</summary>
    public int Count { get; private set; }

    /// <summary>All, ascending. A zero head is not known yet.</summary>
    public IEnumerable<Position> All => _claims.Values.SelectMany(static claims => claims).Order();

    /// <summary>Those of one log.</summary>
    public IReadOnlyList<Position> Of(LogId log) => _claims.GetValueOrDefault(log) ?? [];

    /// <summary>Whether they are those here.</summary>
    public bool AreOurs => Count == own.All.Count && own.All.All(ours => Array.IndexOf(_claims.GetValueOrDefault(ours.Log) ?? [], ours) >= 0);

    /// <summary>Takes that they are those here.</summary>
    public void SetOurs()
    {
        _claims.Clear();
        Count = 0;
        foreach (var tips in own.All.GroupBy(static position => position.Log))
        {
            Set(tips.Key, tips);
        }
    }

    private void Set(LogId log, IEnumerable<Position> tips)
    {
        Position[] positions = [.. tips.Where(static position => position.Seq > 0)];
        Count += positions.Length - (_claims.GetValueOrDefault(log)?.Length ?? 0);
        _claims[log] = positions;
    }

    /// <summary>Takes one position; what it leaves behind is dropped, branches that end here too stay.</summary>
    public void Add(Position tip)
    {
        var known = _claims.GetValueOrDefault(tip.Log) ?? [];
        if (own.IsForked(tip.Log))
        {
            Set(tip.Log, known.Where(before => before != tip && (before.Seq > tip.Seq || own.IsTip(before))).Append(tip));
        }
        else if (!Array.Exists(known, before => before.Seq > tip.Seq || (before.Seq == tip.Seq && before.Head != default)))
        {
            Set(tip.Log, known.Where(before => before.Seq > tip.Seq).Append(tip));
        }
    }

    /// <summary>Takes runs that it sent: it has what it sends. Of a forked log that counts once it is clear on which branch.</summary>
    public void AddSent(IReadOnlyList<SignedRun> runs)
    {
        foreach (var run in runs.Where(run => !own.IsForked(run.Log)))
        {
            Add(new(run.Log, run.LastSeq, default));
        }
    }

    /// <summary>How many changes the peer lacks of ours, as far as is known.</summary>
    public long TheyLack() => Lacks.Total(own.All.Select(ours => Missing(ours, Of(ours.Log), own.IsForked(ours.Log))));

    /// <summary>How many changes we lack that the peer says it has.</summary>
    public long WeLack() => Lacks.Total(_claims.SelectMany(log => MissingHere(log.Key, log.Value)));

    /// <summary>How many changes the peer says it has: of each log what we lack, and as far as its longest branch is here.</summary>
    public long TheyHave() => Lacks.Total(_claims.SelectMany(log =>
    {
        var missing = MissingHere(log.Key, log.Value).ToArray();
        var reach = log.Value.Select(static theirs => theirs.Seq).DefaultIfEmpty().Max();
        return missing.Append(Lacks.Beyond(reach, (ulong)Lacks.Total(missing)));
    }));

    private IEnumerable<ulong> MissingHere(LogId log, Position[] claims) =>
        claims.Select(theirs => Missing(theirs, own.TipsOf(log), claims.Length > 1 || own.IsForked(log)));

    /// <summary>Of a forked log only equal ends are sure; a chain that is not there counts from the next lower end.</summary>
    private static ulong Missing(Position tip, IReadOnlyList<Position> there, bool isForked)
    {
        if (isForked && there.Contains(tip))
        {
            return 0;
        }

        var reached = there.Where(place => !isForked || place.Seq < tip.Seq).Select(static place => place.Seq).DefaultIfEmpty().Max();
        return Lacks.Beyond(tip.Seq, reached);
    }
}
