namespace Replica.Transport.Relay;

/// <summary>Counts what comes from each source address. Any thread may call.</summary>
/// <param name="options">The limits.</param>
/// <param name="time">The clock.</param>
internal sealed class RelaySources(RelayOptions options, TimeProvider time)
{
    private const int BurstSeconds = 10;
    private const double ArrivalsPerConnect = 2;

    // A device that polls has two requests under way.
    private const int NetworkPerConnection = 2;

    // Below it, moving a message costs more than its bytes do.
    private const int MessageBytesMin = 4096;

    private static readonly TimeSpan s_turnLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_sweepPause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Source> _sources = new(StringComparer.Ordinal);
    private int _connections;
    private long _sweptAt = time.GetTimestamp();

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
            if (_connections >= options.ConnectionsMax || Find(source) is not { } known)
            {
                return RelayRefusal.RelayBusy;
            }

            if (!known.Connects.TryTake() || known.Connections >= options.ConnectionsPerSourceMax)
            {
                return RelayRefusal.SourceBusy;
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

    /// <summary>Counts a network connection of which nothing was read yet.</summary>
    /// <returns>
    /// Whether it may stay until <see cref="Depart"/>: it may up to twice the limits on devices, so that who is over them a little
    /// hears why.
    /// </returns>
    public bool Arrive(string source)
    {
        lock (_gate)
        {
            if (Find(source) is not { } known)
            {
                // Where the table is full, the limits for all hold.
                return true;
            }

            if (known.Arrived >= NetworkPerConnection * options.ConnectionsPerSourceMax || !known.Arrivals.TryTake())
            {
                return false;
            }

            known.Arrived++;
            return true;
        }
    }

    /// <summary>A network connection that might stay is closed.</summary>
    public void Depart(string source)
    {
        lock (_gate)
        {
            // It may have come when there was no room to count it.
            if (_sources.TryGetValue(source, out var known) && known.Arrived > 0)
            {
                known.Arrived--;
            }
        }
    }

    /// <summary>Counts a request, of whatever kind.</summary>
    /// <returns>How long it must wait for its turn; null when too many wait already.</returns>
    public TimeSpan? Ask(string source)
    {
        lock (_gate)
        {
            return Find(source) is { } known ? known.Requests.TakeTurn(s_turnLimit) : TimeSpan.Zero;
        }
    }

    /// <summary>Counts bytes of a source that came in one message.</summary>
    /// <returns>How long it must wait before it sends more.</returns>
    public TimeSpan Spend(string source, int bytes)
    {
        if (options.BytesPerSourceSecond is null)
        {
            return TimeSpan.Zero;
        }

        lock (_gate)
        {
            return _sources.TryGetValue(source, out var known) && known.Bytes is { } bucket
                ? bucket.Take(Math.Max(bytes, MessageBytesMin))
                : TimeSpan.Zero;
        }
    }

    /// <summary>Forgets sources that are quiet again.</summary>
    public void Sweep()
    {
        lock (_gate)
        {
            _sweptAt = time.GetTimestamp();
            var quiet = _sources.Where(static pair => pair.Value.IsQuiet).Select(static pair => pair.Key).ToArray();
            foreach (var source in quiet)
            {
                _ = _sources.Remove(source);
            }
        }
    }

    /// <summary>The counts of a source; null if there is no room for another one.</summary>
    private Source? Find(string source)
    {
        if (_sources.TryGetValue(source, out var known))
        {
            return known;
        }

        // Most sources are quiet a moment after they came: many new ones make room for each other.
        if (_sources.Count >= 2 * options.ConnectionsMax && time.GetElapsedTime(_sweptAt) >= s_sweepPause)
        {
            Sweep();
        }

        if (_sources.Count >= 2 * options.ConnectionsMax)
        {
            return null;
        }

        known = new Source(options, time);
        _sources.Add(source, known);
        return known;
    }

    private sealed class Source(RelayOptions options, TimeProvider time)
    {
        public TokenBucket Arrivals { get; } = Bucket(ArrivalsPerConnect * options.ConnectsPerSourceSecond, BurstSeconds, time);

        public TokenBucket Connects { get; } = Bucket(options.ConnectsPerSourceSecond, BurstSeconds, time);

        public TokenBucket Requests { get; } = Bucket(options.RequestsPerSourceSecond, 1, time);

        public TokenBucket? Bytes { get; } = options.BytesPerSourceSecond is { } rate ? Bucket(rate, 1, time) : null;

        public int Connections { get; set; }

        public int Arrived { get; set; }

        // What it owes is not forgotten because it went.
        public bool IsQuiet =>
            Connections == 0 && Arrived == 0 && Arrivals.IsFull && Connects.IsFull && Requests.IsFull && Bytes?.IsFull != false;

        private static TokenBucket Bucket(double perSecond, int burstSeconds, TimeProvider time) => new(perSecond, perSecond * burstSeconds, time);
    }
}
