namespace Replica.Bench;

/// <summary>One way to do a row's work. A new one is made for each run, in an empty folder of its own.</summary>
internal abstract class Contender : IAsyncDisposable
{
    /// <summary>What must be there before the work begins; not measured.</summary>
    public virtual ValueTask PrepareAsync(string folder, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>The work, from opening to durably closed. Only this is measured.</summary>
    /// <returns>How many units were done; the runner compares it with <see cref="IRow.Units"/>.</returns>
    public abstract ValueTask<long> RunAsync(string folder, CancellationToken cancellationToken);

    /// <summary>Looks at what was done; not measured.</summary>
    /// <returns>What else was found, for the report; nothing for most.</returns>
    /// <exception cref="InvalidOperationException">It is not what was due.</exception>
    public virtual ValueTask<string?> CheckAsync(CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);

    /// <summary>Lets go of what <see cref="PrepareAsync"/> opened; not measured.</summary>
    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
