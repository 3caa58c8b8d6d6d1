using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Testing.Histories;

/// <summary>One replica of a random history: what it has seen, and what its next change depends on.</summary>
internal sealed class HistoryWriter(AuthorKey author, IncarnationNonce nonce, string name, int skewMilliseconds)
{
    private readonly List<HistoryChange> _known = [];
    private readonly HashSet<Position> _places = [];
    private IncarnationNonce _nonce = nonce;
    private HistoryChange? _last;
    private bool _isEnded;
    private ulong _clock;

    public LogId Log { get; private set; } = LogId.Derive(author, nonce);

    public AuthorKey Author => author;

    public bool HasWritten => _last is not null;

    /// <summary>Its first operation in the log.</summary>
    public Operation Header => new Operation.Header(author, _nonce, name);

    /// <summary>Whether it has seen a change.</summary>
    public bool Knows(HistoryChange written) => _places.Contains(written.Place);

    /// <summary>A copy with the same key that goes on with the same log and does not know of this one.</summary>
    public HistoryWriter Clone()
    {
        var clone = new HistoryWriter(author, _nonce, name, skewMilliseconds) { _last = _last, _isEnded = _isEnded, _clock = _clock };
        clone._known.AddRange(_known);
        clone._places.UnionWith(_places);
        return clone;
    }

    /// <summary>Learns all that another replica knows.</summary>
    public void Hear(HistoryWriter other)
    {
        foreach (var written in other._known)
        {
            if (_places.Add(written.Place))
            {
                _known.Add(written);
                _clock = Math.Max(_clock, written.Change.Time.Value);

                // What it did not write itself and stands in its log is a copy's: it goes on in a new one.
                _isEnded |= written.Change.Dot.Log == Log;
            }
        }
    }

    /// <summary>Before it writes: opens a new log if somebody else wrote the one it had.</summary>
    public void Prepare()
    {
        if (_isEnded)
        {
            // Copies stand at different heads, so they draw different names.
            _nonce = new(unchecked((ulong)(_last?.Head.Prefix.Value ?? 0)));
            Log = LogId.Derive(author, _nonce);
            _last = null;
            _isEnded = false;
        }
    }

    /// <summary>Writes a change that has all seen so far in its past.</summary>
    public HistoryChange Write(
        long now, IReadOnlyList<OperationGroup> groups, Dictionary<Position, HashSet<Position>> pasts, bool isRedundant)
    {
        _clock = Math.Max(HybridTimestamp.FromUnixMilliseconds(now + skewMilliseconds).Value, _clock + 1);
        HashSet<Position> implied = _last is null ? [] : [.. pasts[_last.Place], _last.Place];
        var followed = _known.Select(static written => written.BasePlace).ToHashSet();
        var news = _known.FindAll(written => written.Change.Dot.Log != Log
            && !implied.Contains(written.Place) && !followed.Contains(written.Place));
        var frontier = isRedundant ? news : news.FindAll(tip => !news.Exists(other => other != tip && pasts[other.Place].Contains(tip.Place)));
        var deps = frontier.Select(static tip => tip.Place).Order().ToArray();
        var dot = new Dot(Log, (_last?.Change.Dot.Seq ?? 0) + 1);
        var change = ChangeCodec.Encode(dot, new(_clock), deps, groups);
        var head = _last?.Head ?? ChainHead.Empty;
        var written = new HistoryChange(change, author, head, head.Append(change.Hash()));
        while (pasts.ContainsKey(written.Place))
        {
            // A copy wrote the very same bytes at the very same time: no fork, but one change.
            change = ChangeCodec.Encode(dot, new(++_clock), deps, groups);
            written = new(change, author, head, head.Append(change.Hash()));
        }

        pasts.Add(written.Place, [.. _places]);
        _known.Add(written);
        _ = _places.Add(written.Place);
        _last = written;
        return written;
    }
}
