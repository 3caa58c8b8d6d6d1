namespace Replica.Transport.Relay;

/// <summary>An allowance that fills evenly up to a burst. Not safe for several threads: its owner locks.</summary>
/// <param name="perSecond">How much it regains in a second.</param>
/// <param name="burst">The most that it holds, and what it begins with.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBucket(double perSecond, double burst, TimeProvider time)
{
    private readonly double _burst = burst;
    private double _held = burst;
    private long _at = time.GetTimestamp();

    /// <summary>Whether nothing was taken for long enough to be full again.</summary>
    public bool IsFull => _held + (time.GetElapsedTime(_at).TotalSeconds * perSecond) >= _burst;

    /// <summary>Takes one if it is there.</summary>
    public bool TryTake()
    {
        Refill();
        if (_held < 1)
        {
            return false;
        }

        _held--;
        return true;
    }

    /// <summary>Takes one now, or in its turn.</summary>
    /// <returns>How long until it is its turn; null if that is beyond the patience, and then nothing is taken.</returns>
    public TimeSpan? TakeTurn(TimeSpan patience)
    {
        Refill();
        var wait = TimeSpan.FromSeconds(_held >= 1 ? 0 : (1 - _held) / perSecond);
        if (wait > patience)
        {
            return null;
        }

        _held--;
        return wait;
    }

    /// <summary>Takes as much as is asked for, and may owe it.</summary>
    /// <returns>How long to wait until nothing is owed.</returns>
    public TimeSpan Take(int count)
    {
        Refill();
        _held -= count;
        return _held >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_held / perSecond);
    }

    private void Refill()
    {
        var now = time.GetTimestamp();
        _held = Math.Min(_burst, _held + (time.GetElapsedTime(_at, now).TotalSeconds * perSecond));
        _at = now;
    }
}
