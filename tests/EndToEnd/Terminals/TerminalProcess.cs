using System.Diagnostics;
using System.Text;
using Replica.Tests.EndToEnd.Processes;

namespace Replica.Tests.EndToEnd.Terminals;

/// <summary>Commands on a terminal of their own, which <c>script</c> of util-linux makes; what is written there is typed.</summary>
internal sealed class TerminalProcess : IAsyncDisposable
{
    /// <summary>What the key Ctrl-C sends.</summary>
    public const string CtrlC = "\x03";

    private const string End = "ENDED ";

    private readonly Process _process;
    private readonly string _shellFile;
    private readonly StringBuilder _seen = new();
    private readonly Task _reading;
    private readonly SemaphoreSlim _news = new(0);

    private TerminalProcess(Process process, string shellFile)
    {
        _process = process;
        _shellFile = shellFile;
        _reading = ReadAsync();
    }

    /// <summary>Whether there is such a program here.</summary>
    public static bool IsPossible => File.Exists("/usr/bin/script") && File.Exists("/bin/sh");

    /// <summary>All that the screen was sent so far.</summary>
    public string Seen
    {
        get
        {
            lock (_seen)
            {
                return _seen.ToString();
            }
        }
    }

    /// <summary>Starts a command of <c>replica</c> there.</summary>
    public static TerminalProcess Start(params string[] arguments)
    {
        string[] command = ["dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "replica.dll"), .. arguments];
        var file = Path.GetTempFileName();
        // The shell outlives Ctrl-C, to say how the command ended and how it left the terminal.
        File.WriteAllText(file, $"""
            trap : INT
            stty rows 40 cols 120
            {string.Join(' ', command.Select(static word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"))}
            echo "{End}$? $(stty -a | grep -oE -e '-?(echo|icanon|isig) ' | tr -d '\n')"
            """);
        var start = new ProcessStartInfo("script")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
        };
        foreach (var argument in (string[])["--quiet", "--flush", "--command", $"sh '{file}'", "/dev/null"])
        {
            start.ArgumentList.Add(argument);
        }

        _ = start.Environment.Remove("REPLICA_DIR");
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["SHELL"] = "/bin/sh";
        return new(Process.Start(start)!, file);
    }

    /// <summary>Types.</summary>
    public async Task TypeAsync(string keys)
    {
        await _process.StandardInput.WriteAsync(keys);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits until the screen was sent a text, so often.</summary>
    public async Task<string> SeesAsync(string text, int times = 1)
    {
        var clock = Stopwatch.StartNew();
        while (Seen.Split(text).Length <= times)
        {
            if (_reading.IsCompleted || clock.Elapsed > ReplicaProcess.Limit || !await _news.WaitAsync(ReplicaProcess.Limit))
            {
                throw new TimeoutException($"The screen never showed '{text}': {Seen}");
            }
        }

        return Seen;
    }

    /// <summary>Waits for the end of the command.</summary>
    /// <returns>Its exit code, and how it left the terminal: <c>echo icanon isig</c> is as it should be, a minus stands before what is off.</returns>
    public async Task<(int Code, string Modes)> EndAsync()
    {
        _ = await SeesAsync(End);
        _ = await SeesAsync("isig");
        var words = Seen[(Seen.LastIndexOf(End, StringComparison.Ordinal) + End.Length)..].Trim().Split(' ');
        return (int.Parse(words[0]), string.Join(' ', words.Skip(1).Order()));
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        if (!_process.HasExited)
        {
            // It hangs up the terminal, which ends who runs there.
            await ReplicaProcess.SignalAsync(_process, "TERM");
            await _process.WaitForExitAsync().WaitAsync(ReplicaProcess.Limit);
        }

        await _reading;
        _process.Dispose();
        _news.Dispose();
        File.Delete(_shellFile);
    }

    private async Task ReadAsync()
    {
        var buffer = new char[4096];
        while (await _process.StandardOutput.ReadAsync(buffer) is > 0 and var length)
        {
            lock (_seen)
            {
                _ = _seen.Append(buffer, 0, length);
            }

            _ = _news.Release();
        }
    }
}
