using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Testing.Histories;

/// <summary>One replica of a random history: what it has seen, its clock, and its log.</summary>
/// <remarks>It keeps contexts as plain maps of its own, so that a history owes nothing to the code that it tests.</remarks>
internal sealed class HistoryWriter(AuthorKey author, IncarnationNonce nonce, string name, int skewMilliseconds)
{
    private readonly Dictionary<LogId, HistoryChange> _tips = [];
    private Dictionary<LogId, ulong> _implied = [];
    private ulong _clock;

    public LogId Log { get; } = LogId.Derive(author, nonce);

    public AuthorKey Author => author;

    public bool HasWritten => _tips.ContainsKey(Log);

    /// <summary>Its first operation in the log.</summary>
    public Operation Header => new Operation.Header(author, nonce, name);

    /// <summary>Whether it has seen a change.</summary>
    public bool Knows(Dot dot) => _tips.TryGetValue(dot.Log, out var tip) && tip.Change.Dot.Seq >= dot.Seq;

    /// <summary>Learns all that another replica knows.</summary>
    public void Hear(HistoryWriter other)
    {
        foreach (var (log, tip) in other._tips)
        {
            if (!_tips.TryGetValue(log, out var mine) || mine.Change.Dot.Seq < tip.Change.Dot.Seq)
            {
                _tips[log] = tip;
                _clock = Math.Max(_clock, tip.Change.Time.Value);
            }
        }
    }

    /// <summary>Writes a change that has all seen so far in its past.</summary>
    public HistoryChange Write(
        long now, IReadOnlyList<OperationGroup> groups, Dictionary<Dot, Dictionary<LogId, ulong>> contexts, bool isRedundant)
    {
        _clock = Math.Max(HybridTimestamp.FromUnixMilliseconds(now + skewMilliseconds).Value, _clock + 1);
        var before = _tips.GetValueOrDefault(Log);
        var news = _tips.Values.Where(tip => tip.Change.Dot.Log != Log
            && tip.Change.Dot.Seq > _implied.GetValueOrDefault(tip.Change.Dot.Log)).ToList();
        var frontier = isRedundant
            ? news
            : news.FindAll(tip => !news.Exists(other => other != tip
                && contexts[other.Change.Dot].GetValueOrDefault(tip.Change.Dot.Log) >= tip.Change.Dot.Seq));
        var deps = frontier.Select(static tip => new Position(tip.Change.Dot.Log, tip.Change.Dot.Seq, tip.Head.Prefix)).Order().ToArray();
        var dot = new Dot(Log, (before?.Change.Dot.Seq ?? 0) + 1);
        var change = ChangeCodec.Encode(dot, new(_clock), deps, groups);
        var written = new HistoryChange(change, author, before?.Head ?? ChainHead.Empty, (before?.Head ?? ChainHead.Empty).Append(change.Hash()));
        _implied = _tips.ToDictionary(static tip => tip.Key, static tip => tip.Value.Change.Dot.Seq);
        contexts.Add(dot, _implied);
        _tips[Log] = written;
        return written;
    }
}
