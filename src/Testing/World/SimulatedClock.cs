namespace Replica.Testing.World;

/// <summary>The clock of one peer: true time, wrong by an offset and by a pace.</summary>
internal sealed class SimulatedClock(VirtualTime time) : TimeProvider
{
    private long _driftSince = time.Now;
    private long _offset;
    private int _drift;

    /// <summary>What the clock shows, in Unix milliseconds; never before 1970.</summary>
    public long UnixMilliseconds => Math.Max(0, time.Now + _offset + (_drift * (time.Now - _driftSince) / 1_000_000));

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => time.Now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(UnixMilliseconds);

    /// <summary>Sets the clock: so many milliseconds ahead of true time.</summary>
    public void Set(long offset)
    {
        _offset = offset;
        _driftSince = time.Now;
    }

    /// <summary>Lets the clock run too fast by so many millionths.</summary>
    public void Drift(int millionths)
    {
        Set(UnixMilliseconds - time.Now);
        _drift = millionths;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(time, callback, state);
        _ = timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private int _generation;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var generation = ++_generation;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                time.After((long)dueTime.TotalMilliseconds, () => Fire(generation, period));
            }

            return true;
        }

        public void Dispose() => _generation++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Fire(int generation, TimeSpan period)
        {
            if (generation != _generation)
            {
                return;
            }

            if (period != Timeout.InfiniteTimeSpan && period > TimeSpan.Zero)
            {
                time.After((long)period.TotalMilliseconds, () => Fire(generation, period));
            }

            callback(state);
        }
    }
}
