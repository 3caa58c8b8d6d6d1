namespace Replica.Testing.World;

/// <summary>Virtual time and one queue of events: all that happens, in one order. Nothing in it waits.</summary>
internal sealed class VirtualTime(long startMilliseconds)
{
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private long _order;

    /// <summary>The true time, in Unix milliseconds; replicas' clocks may differ from it.</summary>
    public long Now { get; private set; } = startMilliseconds;

    /// <summary>Runs an action after a delay; equal times run in the order asked for.</summary>
    public void After(long delayMilliseconds, Action action) => _events.Enqueue(action, (Now + delayMilliseconds, _order++));

    /// <summary>Runs all that is due until so much time has passed.</summary>
    public void Advance(long milliseconds)
    {
        var end = Now + milliseconds;
        while (_events.TryPeek(out var action, out var key) && key.At <= end)
        {
            _ = _events.Dequeue();
            Now = key.At;
            action();
        }

        Now = end;
    }
}
