namespace Replica.Testing.World;

/// <summary>Virtual time and one queue of events: all that happens, in one order. Nothing in it waits.</summary>
/// <param name="startMilliseconds">The true time at the start, in Unix milliseconds.</param>
/// <param name="scheduler">Runs what events set going, before the next event.</param>
internal sealed class VirtualTime(long startMilliseconds, SimulatedScheduler scheduler)
{
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private long _order;

    /// <summary>The true time, in Unix milliseconds; peers' clocks may differ from it.</summary>
    public long Now { get; private set; } = startMilliseconds;

    /// <summary>Runs an action after a delay; equal times run in the order asked for.</summary>
    public void After(long delayMilliseconds, Action action) => _events.Enqueue(action, (Now + delayMilliseconds, _order++));

    /// <summary>Runs all that is due until so much time has passed.</summary>
    public void Advance(long milliseconds)
    {
        var end = Now + milliseconds;
        scheduler.Run();
        while (_events.TryPeek(out var action, out var key) && key.At <= end)
        {
            _ = _events.Dequeue();
            Now = Math.Max(Now, key.At);
            action();
            scheduler.Run();
        }

        Now = end;
    }

    /// <summary>Lets time pass in which nothing runs, as when all computers sleep: what was due runs late.</summary>
    public void Sleep(long milliseconds) => Now += milliseconds;
}
