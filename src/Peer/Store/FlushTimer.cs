namespace Replica.Peer.Store;

/// <summary>Sees to it that what was committed without waiting for the disk is put there soon. The writer owns it.</summary>
internal sealed class FlushTimer : IAsyncDisposable
{
    /// <summary>How long an acknowledged write may be missing on disk.</summary>
    /// <remarks>Longer saves work of the disk; shorter loses less at a power cut.</remarks>
    public static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(50);

    /// <summary>How long after a failure it is tried again.</summary>
    public static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly ITimer _timer;
    private volatile bool _isDue;

    /// <param name="time">The clock.</param>
    /// <param name="wake">Called when the time is over, on any thread; must only signal.</param>
    public FlushTimer(TimeProvider time, Action wake) => _timer = time.CreateTimer(
        _ =>
        {
            _isDue = true;
            wake();
        },
        null,
        Timeout.InfiniteTimeSpan,
        Timeout.InfiniteTimeSpan);

    /// <summary>Whether something waits to be put on disk.</summary>
    public bool IsPending { get; private set; }

    /// <summary>Whether it has waited long enough.</summary>
    public bool IsDue => IsPending && _isDue;

    /// <summary>Something was committed without waiting; the first such sets the time.</summary>
    public void Start()
    {
        if (!IsPending)
        {
            IsPending = true;
            _isDue = false;
            _ = _timer.Change(Delay, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Something failed: what is not on disk is tried again after a while.</summary>
    public void Retry()
    {
        IsPending = true;
        _isDue = false;
        _ = _timer.Change(RetryDelay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>All is on disk.</summary>
    public void Clear()
    {
        IsPending = false;
        _isDue = false;
    }

    /// <summary>Stops it.</summary>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}
