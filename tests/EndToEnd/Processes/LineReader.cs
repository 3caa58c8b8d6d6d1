using System.Diagnostics;

namespace Replica.Tests.EndToEnd.Processes;

/// <summary>A process whose output is read line by line as it comes; killed at the end if it still runs.</summary>
internal sealed class LineReader(Process process) : IAsyncDisposable
{
    private readonly Task<string> _error = process.StandardError.ReadToEndAsync();

    /// <summary>The process.</summary>
    public Process Process => process;

    /// <summary>The next line of its output.</summary>
    public async Task<string> NextAsync() => await process.StandardOutput.ReadLineAsync().WaitAsync(ReplicaProcess.Limit)
        ?? throw new InvalidOperationException($"The process said no more: {await _error}");

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code, the rest of its output, and what it wrote to the error stream.</returns>
    public async Task<Outcome> EndAsync()
    {
        var rest = process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(ReplicaProcess.Limit);
        return new(process.ExitCode, await rest, await _error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }
}
