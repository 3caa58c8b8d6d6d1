using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Replica.Tests.EndToEnd.Processes;

/// <summary>A running <c>replica run</c>; killed at the end if the test did not stop it.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _error = new();
    private readonly SemaphoreSlim _logged = new(0);

    private Daemon(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_error)
            {
                _ = _error.AppendLine(line.Data);
            }

            _ = _logged.Release();
        };
        process.BeginErrorReadLine();
    }

    /// <summary>Its number in the system.</summary>
    public int Id => _process.Id;

    /// <summary>Where it listens for peers.</summary>
    public IReadOnlyList<string> Listening { get; private set; } = [];

    /// <summary>The path of its control socket.</summary>
    public string Control { get; private set; } = "";

    /// <summary>Where it serves its API over TCP; empty if it does not.</summary>
    public string Api { get; private set; } = "";

    /// <summary>Where its metrics are; empty if it shows none.</summary>
    public string Metrics { get; private set; } = "";

    /// <summary>What it logged so far.</summary>
    public string Log
    {
        get
        {
            lock (_error)
            {
                return _error.ToString();
            }
        }
    }

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    public static Task<Daemon> StartAsync(TemporaryHome home, params string[] arguments) =>
        StartBehindAsync([], home, ["--no-lan", .. arguments]);

    /// <summary>Starts it behind another command; discovery on the local network is then its own business.</summary>
    public static async Task<Daemon> StartBehindAsync(IReadOnlyList<string> prefix, TemporaryHome home, params string[] arguments)
    {
        var daemon = new Daemon(ReplicaProcess.StartBehind(prefix, ["--dir", home.Path, "--json", "run", .. arguments]));
        var line = await daemon._process.StandardOutput.ReadLineAsync().WaitAsync(ReplicaProcess.Limit);
        if (line is null)
        {
            await daemon._process.WaitForExitAsync();
            throw new InvalidOperationException("The daemon ended before it was ready: " + daemon.Log);
        }

        using var ready = JsonDocument.Parse(line);
        daemon.Control = ready.RootElement.GetProperty("control").GetString()!;
        daemon.Listening = [.. ready.RootElement.GetProperty("listen").EnumerateArray().Select(static item => item.GetString()!)];
        daemon.Api = ready.RootElement.GetProperty("api").GetString() ?? "";
        daemon.Metrics = ready.RootElement.GetProperty("metrics").GetString() ?? "";
        return daemon;
    }

    /// <summary>Waits until its log holds a text, and gives the log back.</summary>
    public async Task<string> LogWithAsync(string text)
    {
        var end = Stopwatch.GetTimestamp() + (long)(ReplicaProcess.Limit.TotalSeconds * Stopwatch.Frequency);
        while (!Log.Contains(text, StringComparison.Ordinal))
        {
            await _logged.WaitAsync(ReplicaProcess.Limit);
            if (Stopwatch.GetTimestamp() > end || _process.HasExited)
            {
                throw new TimeoutException($"The log never said '{text}': {Log}");
            }
        }

        return Log;
    }

    /// <summary>Asks it to end.</summary>
    /// <returns>Its exit code, and how long it took.</returns>
    public async Task<(int Code, TimeSpan Took)> StopAsync(string signal = "TERM")
    {
        var clock = Stopwatch.StartNew();
        await ReplicaProcess.SignalAsync(_process, signal);
        await _process.WaitForExitAsync().WaitAsync(ReplicaProcess.Limit);
        return (_process.ExitCode, clock.Elapsed);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _logged.Dispose();
    }
}
