using System.Runtime.ExceptionServices;

namespace Replica.Testing.World;

/// <summary>Runs all that awaits in a simulated world, on one thread and in the order of posting.</summary>
internal sealed class SimulatedScheduler : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile bool _isLeft;
    private Exception? _failure;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            // What comes from another thread comes at another time in each run.
            _isLeft = true;
            return;
        }

        _posted.Enqueue((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    /// <summary>Runs until nothing is left to do.</summary>
    public void Run()
    {
        while (_posted.TryDequeue(out var next))
        {
            next.Callback(next.State);
        }

        if (_failure is { } failure)
        {
            throw new SimulationException(failure is SimulationException ? failure.Message : $"Something failed: {failure.Message}", failure);
        }

        if (_isLeft)
        {
            throw new SimulationException("Something ran on a thread of its own: a task left the simulator's scheduler.");
        }
    }

    /// <summary>Lets the world fail if a task does that nobody waits for.</summary>
    public async Task WatchAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception failure)
        {
            _failure ??= failure;
        }
    }

    /// <summary>Waits for what only this scheduler carries on.</summary>
    /// <exception cref="SimulationException">It waits for something that never comes.</exception>
    public T Finish<T>(Task<T> task)
    {
        var outcome = new Outcome<T>();
        _ = outcome.TakeAsync(task);
        Run();
        return outcome.Get();
    }

    private sealed class Outcome<T>
    {
        private bool _isDone;
        private T? _result;
        private ExceptionDispatchInfo? _failure;

        public async Task TakeAsync(Task<T> task)
        {
            try
            {
                _result = await task;
            }
            catch (Exception failure)
            {
                _failure = ExceptionDispatchInfo.Capture(failure);
            }

            _isDone = true;
        }

        public T Get()
        {
            _failure?.Throw();
            return _isDone ? _result! : throw new SimulationException("A task waits for something that never happens.");
        }
    }
}
