using Microsoft.Extensions.Logging;

namespace Replica.PeerCli.Output;

/// <summary>Log messages of a daemon as plain lines on the error stream: time, level, text.</summary>
/// <param name="terminal">Where they go.</param>
/// <param name="least">The least level that is written.</param>
internal sealed class ErrorLog(Terminal terminal, LogLevel least) : ILoggerProvider, ILogger
{
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var level = logLevel switch
        {
            LogLevel.Trace => "trace",
            LogLevel.Debug => "debug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warning",
            _ => "error",
        };
        var line = $"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.fffZ} {level} {SafeText.Of(formatter(state, exception))}\n";
        lock (_gate)
        {
            terminal.Error.Write(line);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The terminal is the command's, which outlives its daemon.
    }
}
