using System.Diagnostics;
using System.Text.Json;
using Replica.Tests.EndToEnd.Processes;

namespace Replica.Tests.EndToEnd.Reach;

/// <summary>A running <c>replica relay</c> on loopback; killed at the end if the test did not stop it.</summary>
internal sealed class RelayProcess : IAsyncDisposable
{
    private readonly Process _process;

    private RelayProcess(Process process, string url)
    {
        _process = process;
        Url = url;
    }

    /// <summary>What devices dial.</summary>
    public string Url { get; }

    /// <summary>Its working set in bytes.</summary>
    public long MemoryBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static Task<RelayProcess> StartAsync(params string[] arguments) => StartBehindAsync([], arguments);

    public static async Task<RelayProcess> StartBehindAsync(IReadOnlyList<string> prefix, params string[] arguments)
    {
        string[] listen = arguments.Contains("--listen") ? [] : ["--listen", "ws://127.0.0.1:0"];
        var process = ReplicaProcess.StartBehind(prefix, ["--json", "relay", "--name", "127.0.0.1", .. arguments, .. listen]);
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(ReplicaProcess.Limit)
            ?? throw new InvalidOperationException("The relay ended before it was ready: " + await process.StandardError.ReadToEndAsync());
        using var ready = JsonDocument.Parse(line);
        return new(process, ready.RootElement.GetProperty("listen").GetString()!);
    }

    /// <summary>A page of its HTTP side.</summary>
    public async Task<(int Status, string Text)> GetAsync(string path)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri("http" + Url[2..] + path));
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task<int> StopAsync()
    {
        await ReplicaProcess.SignalAsync(_process, "TERM");
        await _process.WaitForExitAsync().WaitAsync(ReplicaProcess.Limit);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
