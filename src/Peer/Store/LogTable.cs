using System.Diagnostics;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;

namespace Replica.Peer.Store;

/// <summary>The logs that a ledger knows, how far they are applied, and the closed context at each place in them.</summary>
/// <remarks>
/// A context is kept as what each change with deps added to its log's vector, with the whole vector every
/// <see cref="FullEvery"/> such changes: reading one never leads from log to log. Vectors at the tips are cached.
/// </remarks>
internal sealed class LogTable(IStoreEngine engine)
{
    private const int FullEvery = 256;

    /// <summary>How many numbers the vectors at the tips may hold together; at the limit all are forgotten.</summary>
    private const long CachedEntriesMax = 1 << 22;

    /// <summary>How many deps a local change lists at most; what it leaves out is concurrent to it, and comes with the next one.</summary>
    private const int FrontierMax = 4096;

    private readonly List<LogRow> _logs = [];
    private readonly Dictionary<LogId, List<BranchId>> _byLog = [];
    private readonly Dictionary<BranchId, TipContext> _tips = [];
    private readonly HashSet<BranchId> _changed = [];
    private long _cachedEntries;

    /// <summary>All logs by branch number.</summary>
    public IReadOnlyList<LogRow> Logs => _logs;

    /// <summary>How many logs there are; one that forked counts once.</summary>
    public int Count => _byLog.Count;

    /// <summary>How many logs a context has changes of.</summary>
    public int CountIn(VersionVector context) =>
        context.Length < ChangeLimits.LogsMax ? 0 : context.Entries().Select(entry => _logs[entry.Key.Value].Log).Distinct().Count();

    /// <summary>All positions, ascending.</summary>
    public Position[] Positions()
    {
        var positions = _logs.Where(static log => log.Seq > 0).Select(static log => log.Position).ToArray();
        Array.Sort(positions);
        return positions;
    }

    /// <summary>The row of the log's first branch, or nothing if no change of the log was applied.</summary>
    public LogRow? Find(LogId log) => _byLog.TryGetValue(log, out var branches) ? _logs[branches[0].Value] : null;

    /// <summary>The branches of a log, that known first in front; more than one if it is forked.</summary>
    public IReadOnlyList<BranchId> BranchesOf(LogId log) => _byLog.TryGetValue(log, out var branches) ? branches : [];

    /// <summary>The branch that holds a place of a log, or nothing if it lies on no chain here. The empty log lies on the first.</summary>
    public BranchId? Locate(Position place)
    {
        if (!_byLog.TryGetValue(place.Log, out var branches))
        {
            return null;
        }

        var first = _logs[branches[0].Value];
        if (place.Seq == 0 || (place.Seq <= first.Seq && HeadAt(first.Branch, place.Seq)!.Value.Prefix == place.Head))
        {
            return place.Seq > 0 || place.Head == default ? first.Branch : null;
        }

        // However many branches there are, one look finds the one that holds the place.
        return branches.Count > 1 && engine.FindBranchHead(place.Seq, place.Head) is { } other && _logs[other.Value].Log == place.Log
            ? other
            : null;
    }

    /// <summary>The branch of a place that is known to be held here.</summary>
    public BranchId BranchOf(Position held) =>
        _byLog[held.Log] is [var only] ? only : Locate(held) ?? throw new UnreachableException($"No chain here holds {held}.");

    /// <summary>The row of a branch.</summary>
    public LogRow this[BranchId branch] => _logs[branch.Value];

    /// <summary>Starts over from what is stored.</summary>
    public void Load(IReadOnlyList<LogRow> rows)
    {
        _logs.Clear();
        _byLog.Clear();
        ForgetTips();
        _changed.Clear();
        foreach (var row in rows)
        {
            Register(row);
        }
    }

    /// <summary>Adds a log of which nothing is applied yet.</summary>
    public LogRow Add(LogId log, AuthorKey author, string name) =>
        Register(new(new(_logs.Count), log, author, name, 0, ChainHead.Empty, default));

    /// <summary>Adds a branch that leaves a chain which is known here; nothing of it is applied yet.</summary>
    /// <param name="parent">The branch that it leaves.</param>
    /// <param name="seq">The number of the last change that they share.</param>
    /// <param name="name">The name in its header, if it has one of its own.</param>
    public LogRow Fork(BranchId parent, ulong seq, string? name)
    {
        var main = _logs[parent.Value];
        var time = seq == 0 ? default : TimeAt(parent, seq);
        return Register(new(new(_logs.Count), main.Log, main.Author, name ?? main.Name, seq, HeadAt(parent, seq)!.Value, time)
        {
            Fork = new(parent, seq),
        });
    }

    /// <summary>Forgets the branch added last.</summary>
    public void RemoveLast(BranchId branch)
    {
        var log = _logs[branch.Value].Log;
        _ = _byLog[log].Remove(branch);
        if (_byLog[log].Count == 0)
        {
            _ = _byLog.Remove(log);
        }

        _ = _tips.Remove(branch);
        _ = _changed.Remove(branch);
        _logs.RemoveAt(branch.Value);
    }

    /// <summary>Moves a log's tip.</summary>
    public void Advance(LogRow row)
    {
        _logs[row.Branch.Value] = row;
        _ = _changed.Add(row.Branch);
    }

    /// <summary>Writes the tips that moved since the last call.</summary>
    public void Save()
    {
        foreach (var branch in _changed.OrderBy(static branch => branch.Value))
        {
            engine.SaveLog(_logs[branch.Value]);
        }

        _changed.Clear();
    }

    /// <summary>The closed context of the last applied change of a branch, without the branch itself. Not to be changed.</summary>
    public VersionVector TipContext(BranchId branch) => Tip(branch).Vector;

    /// <summary>The context at a place of a branch, without the branch itself. Not to be changed.</summary>
    public VersionVector ContextAt(BranchId branch, ulong seq) =>
        seq >= _logs[branch.Value].Seq ? TipContext(branch) : Read(branch, seq).Vector;

    /// <summary>The closed context of a change that is about to be appended, its own log's past included.</summary>
    public VersionVector ContextOf(BranchId branch, IReadOnlyList<Position> deps)
    {
        var vector = TipContext(branch).Clone();
        foreach (var dep in deps)
        {
            var other = BranchOf(dep);
            vector.Join(ContextAt(other, dep.Seq));
            _ = vector.Raise(other, dep.Seq);
        }

        _ = vector.Raise(branch, _logs[branch.Value].Seq);
        return vector;
    }

    /// <summary>Takes the context of a change as its branch's new tip and keeps what it added.</summary>
    public void AppendContext(BranchId branch, ulong seq, VersionVector context)
    {
        // The first row of a branch is whole, so that reading never leads on to the chain that it left.
        var tip = Tip(branch);
        var isFull = tip.RowsSinceFull + 1 >= FullEvery || _logs[branch.Value].IsFirst(seq);
        var before = tip.Vector;
        var entries = context.Entries().Where(entry => entry.Key != branch && (isFull || entry.Value > before[entry.Key]));
        engine.AppendContext(new(branch, seq, isFull, [.. entries]));
        Keep(branch, new(context, isFull ? 0 : tip.RowsSinceFull + 1));
    }

    /// <summary>The positions that a next change of <paramref name="own"/> must name: applied, and implied by nothing else.</summary>
    public Position[] Frontier(BranchId own)
    {
        var known = TipContext(own);
        var news = _logs.Where(log => log.Branch != own && log.Log != _logs[own.Value].Log && log.Seq > known[log.Branch]).ToArray();
        var implied = new VersionVector();
        if (news.Length > 1)
        {
            foreach (var log in news)
            {
                // Of its own branch a context covers only what lies before its tip.
                implied.Join(TipContext(log.Branch));
            }
        }

        var frontier = news.Where(log => !implied.Covers(log.Branch, log.Seq)).Select(static log => log.Position).ToArray();
        Array.Sort(frontier);
        return frontier.Length <= FrontierMax ? frontier : frontier[..FrontierMax];
    }

    /// <summary>The head at a place that was applied, or nothing.</summary>
    public ChainHead? HeadAt(BranchId branch, ulong seq)
    {
        var log = _logs[branch.Value];
        if (seq == log.Seq)
        {
            return log.Head;
        }

        if (seq == 0 || seq > log.Seq)
        {
            return seq == 0 ? ChainHead.Empty : null;
        }

        if (log.Fork is { } fork && seq <= fork.Seq)
        {
            return HeadAt(fork.Parent, seq);
        }

        var run = engine.FindRun(branch, seq)!;
        if (run.LastSeq == seq)
        {
            return run.Head;
        }

        var head = run.BaseHead;
        foreach (var change in engine.ReadChanges(branch, run.BaseSeq + 1, seq))
        {
            head = head.Append(Change.Hash(change.Body.Span));
        }

        return head;
    }

    /// <summary>Places on the chain of a branch, newest first: its tip, then ends of runs in steps that double, last the empty log.</summary>
    public IReadOnlyList<Position> Trace(BranchId branch)
    {
        var tip = _logs[branch.Value];
        var places = new List<Position> { tip.Position };
        var seq = tip.Seq;
        var step = 1UL;
        while (places.Count < PlaceReport.PlacesMax - 1 && seq > step)
        {
            var end = EndOfRun(branch, seq - step);
            if (end.Seq == 0)
            {
                break;
            }

            places.Add(end);
            seq = end.Seq;
            step *= 2;
        }

        places.Add(new(tip.Log, 0, default));
        return places;
    }

    /// <summary>The stamp of an applied change.</summary>
    public HybridTimestamp TimeAt(BranchId branch, ulong seq)
    {
        var log = _logs[branch.Value];
        return seq == log.Seq ? log.Time
            : log.Fork is { } fork && seq <= fork.Seq ? TimeAt(fork.Parent, seq)
            : ChangeCodec.Decode(engine.ReadChanges(branch, seq, seq)[0].Body).Time;
    }

    private LogRow Register(LogRow row)
    {
        _logs.Add(row);
        if (!_byLog.TryGetValue(row.Log, out var branches))
        {
            _byLog.Add(row.Log, branches = []);
        }

        branches.Add(row.Branch);
        return row;
    }

    /// <summary>The end of the last run that ends at or before a number, on the chain of a branch.</summary>
    private Position EndOfRun(BranchId branch, ulong seq)
    {
        var log = _logs[branch.Value];
        while (log.Fork is { } fork && seq <= fork.Seq)
        {
            log = _logs[fork.Parent.Value];
        }

        // A run may reach beyond the number, and beyond the place where the chain leaves its branch.
        var run = engine.FindRun(log.Branch, seq);
        var end = run is null || run.LastSeq == seq ? seq : run.BaseSeq;
        return end == 0 ? new(log.Log, 0, default) : new(log.Log, end, HeadAt(log.Branch, end)!.Value.Prefix);
    }

    private TipContext Tip(BranchId branch)
    {
        if (!_tips.TryGetValue(branch, out var tip))
        {
            tip = Read(branch, _logs[branch.Value].Seq);
            Keep(branch, tip);
        }

        return tip;
    }

    private void Keep(BranchId branch, TipContext tip)
    {
        if (_cachedEntries + tip.Vector.Length > CachedEntriesMax)
        {
            ForgetTips();
        }

        _cachedEntries += tip.Vector.Length - (_tips.TryGetValue(branch, out var before) ? before.Vector.Length : 0);
        _tips[branch] = tip;
    }

    private void ForgetTips()
    {
        _tips.Clear();
        _cachedEntries = 0;
    }

    private TipContext Read(BranchId branch, ulong seq)
    {
        var fork = _logs[branch.Value].Fork;
        if (fork is { } left && seq <= left.Seq)
        {
            // Nothing of the branch itself: what its first change continues.
            var shared = ContextAt(left.Parent, left.Seq).Clone();
            _ = shared.Raise(left.Parent, left.Seq);
            return new(shared, 0);
        }

        var vector = new VersionVector();
        var rows = engine.ReadContexts(branch, seq);
        foreach (var row in rows)
        {
            foreach (var (other, covered) in row.Entries)
            {
                _ = vector.Raise(other, covered);
            }
        }

        return new(vector, rows.Count(static row => !row.IsFull));
    }
}
