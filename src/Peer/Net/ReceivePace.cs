namespace Replica.Peer.Net;

/// <summary>How fast changes came from peers of late. Any thread may call.</summary>
internal sealed class ReceivePace
{
    /// <summary>How far back it looks.</summary>
    /// <remarks>Longer gives a steadier number; shorter follows a line that became slower.</remarks>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    /// <summary>What comes within this time is counted together: so at most ten counts are kept.</summary>
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<(long At, long Count)> _slices = [];
    private long _newestAt;
    private long _newest;

    /// <summary>Changes of a peer were stored.</summary>
    public void Add(long count, TimeProvider time)
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            if (_newest > 0 && time.GetElapsedTime(_newestAt, now) < Slice)
            {
                _newest += count;
                return;
            }

            Forget(time, now);
            if (_newest > 0)
            {
                _slices.Enqueue((_newestAt, _newest));
            }

            (_newestAt, _newest) = (now, count);
        }
    }

    /// <summary>Changes a second, over the last <see cref="Window"/> or since they began to come; 0 if none came in that time.</summary>
    public double PerSecond(TimeProvider time)
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            Forget(time, now);
            var first = _slices.TryPeek(out var oldest) ? oldest.At : _newestAt;
            // Less than a second is too short to say anything by it.
            var seconds = Math.Max(1, time.GetElapsedTime(first, now).TotalSeconds);
            return (_slices.Sum(static slice => slice.Count) + _newest) / seconds;
        }
    }

    private void Forget(TimeProvider time, long now)
    {
        while (_slices.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At, now) > Window)
        {
            _ = _slices.Dequeue();
        }

        if (time.GetElapsedTime(_newestAt, now) > Window)
        {
            _newest = 0;
        }
    }
}
