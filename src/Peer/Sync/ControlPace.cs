namespace Replica.Peer.Sync;

/// <summary>Counts messages against a rate: a second's worth may come at once, and is regained evenly.</summary>
/// <param name="messagesPerSecond">The rate.</param>
internal sealed class ControlPace(int messagesPerSecond)
{
    private const int MillisecondsPerSecond = 1000;

    // In thousandths of a message, so that a millisecond regains a whole number of them.
    private long _allowance = (long)messagesPerSecond * MillisecondsPerSecond;
    private long? _at;

    /// <summary>Takes one message.</summary>
    /// <param name="nowMilliseconds">The time of any clock that does not run back.</param>
    /// <returns>False when it comes too soon.</returns>
    public bool TryPass(long nowMilliseconds)
    {
        var passed = Math.Clamp(nowMilliseconds - (_at ?? nowMilliseconds), 0, MillisecondsPerSecond);
        _at = nowMilliseconds;
        _allowance = Math.Min((long)messagesPerSecond * MillisecondsPerSecond, _allowance + (passed * messagesPerSecond));
        if (_allowance < MillisecondsPerSecond)
        {
            return false;
        }

        _allowance -= MillisecondsPerSecond;
        return true;
    }
}
