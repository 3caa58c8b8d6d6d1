namespace Replica.Peer.Net;

/// <summary>Keeps the tasks that an owner started, so that it can await them all when it ends.</summary>
internal sealed class TaskSet
{
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _tasks = [];

    /// <summary>Keeps a task until it has ended.</summary>
    public void Add(Task task)
    {
        lock (_gate)
        {
            _ = _tasks.RemoveWhere(static done => done.IsCompleted);
            _ = _tasks.Add(task);
        }
    }

    /// <summary>Does something soon: not on this thread, which may hold locks that it wants too.</summary>
    public void AddLater(Action act)
    {
        Add(ActAsync());

        async Task ActAsync()
        {
            await Task.Yield();
            act();
        }
    }

    /// <summary>Awaits all tasks, also those that the awaited ones start.</summary>
    public async Task DrainAsync()
    {
        while (true)
        {
            Task[] left;
            lock (_gate)
            {
                left = [.. _tasks];
                _tasks.Clear();
            }

            if (left.Length == 0)
            {
                return;
            }

            await Task.WhenAll(left);
        }
    }
}
