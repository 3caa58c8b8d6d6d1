using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Peer.Store;

/// <summary>The logs that a ledger knows, how far they are applied, and the closed context at each place in them.</summary>
/// <remarks>
/// A context is kept as what each change with deps added to its log's vector, with the whole vector every
/// <see cref="FullEvery"/> such changes: reading one never leads from log to log. Vectors at the tips are cached.
/// </remarks>
internal sealed class LogTable(IStoreEngine engine)
{
    private const int FullEvery = 256;
    private const int CachedMax = 1024;

    private readonly List<LogRow> _logs = [];
    private readonly Dictionary<LogId, BranchId> _byLog = [];
    private readonly Dictionary<BranchId, TipContext> _tips = [];
    private readonly HashSet<BranchId> _changed = [];

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

    /// <summary>The log's row, or nothing if no change of it was applied.</summary>
    public LogRow? Find(LogId log) => _byLog.TryGetValue(log, out var branch) ? _logs[branch.Value] : null;

    /// <summary>The row of a branch.</summary>
    public LogRow this[BranchId branch] => _logs[branch.Value];

    /// <summary>Starts over from what is stored.</summary>
    public void Load(IReadOnlyList<LogRow> rows)
    {
        _logs.Clear();
        _byLog.Clear();
        _tips.Clear();
        _changed.Clear();
        foreach (var row in rows)
        {
            _logs.Add(row);
            _byLog.Add(row.Log, row.Branch);
        }
    }

    /// <summary>Adds a log of which nothing is applied yet.</summary>
    public LogRow Add(LogId log, AuthorKey author, string name)
    {
        var row = new LogRow(new(_logs.Count), log, author, name, 0, ChainHead.Empty, default);
        _logs.Add(row);
        _byLog.Add(log, row.Branch);
        return row;
    }

    /// <summary>Forgets the log added last.</summary>
    public void RemoveLast(BranchId branch)
    {
        _ = _byLog.Remove(_logs[branch.Value].Log);
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
            var other = _byLog[dep.Log];
            vector.Join(ContextAt(other, dep.Seq));
            _ = vector.Raise(other, dep.Seq);
        }

        _ = vector.Raise(branch, _logs[branch.Value].Seq);
        return vector;
    }

    /// <summary>Takes the context of a change with deps as its branch's new tip and keeps what it added.</summary>
    public void AppendContext(BranchId branch, ulong seq, VersionVector context)
    {
        var tip = Tip(branch);
        var isFull = tip.RowsSinceFull + 1 >= FullEvery;
        var before = tip.Vector;
        var entries = context.Entries().Where(entry => entry.Key != branch && (isFull || entry.Value > before[entry.Key]));
        engine.AppendContext(new(branch, seq, isFull, [.. entries]));
        _tips[branch] = new(context, isFull ? 0 : tip.RowsSinceFull + 1);
    }

    /// <summary>The positions that a next change of <paramref name="own"/> must name: applied, and implied by nothing else.</summary>
    public Position[] Frontier(BranchId own)
    {
        var known = TipContext(own);
        var news = _logs.Where(log => log.Branch != own && log.Seq > known[log.Branch]).ToArray();
        var frontier = news
            .Where(log => !Array.Exists(news, other => other != log && TipContext(other.Branch).Covers(log.Branch, log.Seq)))
            .Select(static log => log.Position)
            .ToArray();
        Array.Sort(frontier);
        return frontier;
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

    /// <summary>The stamp of an applied change.</summary>
    public HybridTimestamp TimeAt(BranchId branch, ulong seq) =>
        ChangeCodec.Decode(engine.ReadChanges(branch, seq, seq)[0].Body).Time;

    private TipContext Tip(BranchId branch)
    {
        if (_tips.TryGetValue(branch, out var tip))
        {
            return tip;
        }

        if (_tips.Count >= CachedMax)
        {
            _tips.Clear();
        }

        tip = Read(branch, _logs[branch.Value].Seq);
        _tips.Add(branch, tip);
        return tip;
    }

    private TipContext Read(BranchId branch, ulong seq)
    {
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
