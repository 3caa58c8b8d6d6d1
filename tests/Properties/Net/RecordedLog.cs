using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Replica.Tests.Properties.Net;

/// <summary>Keeps the numbers of what was logged, and tells who waits for one.</summary>
internal sealed class RecordedLog : ILogger, ILoggerFactory
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource> _events = [];

    /// <summary>Ends when an event of that number has been logged.</summary>
    public Task Logged(int number) => Source(number).Task;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _ = Source(eventId.Id).TrySetResult();

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    private TaskCompletionSource Source(int number) =>
        _events.GetOrAdd(number, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
