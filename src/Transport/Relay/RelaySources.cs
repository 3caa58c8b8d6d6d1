namespace Replica.Transport.Relay;

/// <summary>Counts what comes from each source address. Any thread may call.</summary>
/// <param name="options">The limits.</param>
/// <param name="time">The clock.</param>
internal sealed class RelaySources(RelayOptions options, TimeProvider time)
{
    private const int BurstSeconds = 10;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Source> _sources = new(StringComparer.Ordinal);
    private int _connections;

    /// <summary>Connections now.</summary>
    public int Connections
    {
        get
        {
            lock (_gate)
            {
                return _connections;
            }
        }
    }

    /// <summary>Counts a new connection.</summary>
    /// <returns>Null if it may stay; else why not, and it was not counted.</returns>
    public RelayRefusal? Enter(string source)
    {
        lock (_gate)
        {
            if (!_sources.TryGetValue(source, out var known))
            {
                if (_connections >= options.ConnectionsMax || _sources.Count >= 2 * options.ConnectionsMax)
                {
                    return RelayRefusal.RelayBusy;
                }

                var bytes = options.BytesPerSourceSecond is { } rate ? new TokenBucket(rate, rate, time) : null;
                var connects = new TokenBucket(
                    options.ConnectsPerSourceSecond, (double)options.ConnectsPerSourceSecond * BurstSeconds, time);
                known = new Source(connects, bytes);
                _sources.Add(source, known);
            }

            if (!known.Connects.TryTake() || known.Connections >= options.ConnectionsPerSourceMax)
            {
                return RelayRefusal.SourceBusy;
            }

            if (_connections >= options.ConnectionsMax)
            {
                return RelayRefusal.RelayBusy;
            }

            known.Connections++;
            _connections++;
            return null;
        }
    }

    /// <summary>A connection is over.</summary>
    public void Leave(string source)
    {
        lock (_gate)
        {
            _sources[source].Connections--;
            _connections--;
        }
    }

    /// <summary>Counts bytes of a source.</summary>
    /// <returns>How long it must wait before it sends more.</returns>
    public TimeSpan Spend(string source, int bytes)
    {
        if (options.BytesPerSourceSecond is null)
        {
            return TimeSpan.Zero;
        }

        lock (_gate)
        {
            return _sources.TryGetValue(source, out var known) && known.Bytes is { } bucket ? bucket.Take(bytes) : TimeSpan.Zero;
        }
    }

    /// <summary>Forgets sources that are quiet again.</summary>
    public void Sweep()
    {
        lock (_gate)
        {
            var quiet = _sources.Where(static pair => pair.Value.Connections == 0 && pair.Value.Connects.IsFull)
                .Select(static pair => pair.Key).ToArray();
            foreach (var source in quiet)
            {
                _ = _sources.Remove(source);
            }
        }
    }

    private sealed class Source(TokenBucket connects, TokenBucket? bytes)
    {
        public TokenBucket Connects { get; } = connects;

        public TokenBucket? Bytes { get; } = bytes;

        public int Connections { get; set; }
    }
}
