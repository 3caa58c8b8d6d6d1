using System.Diagnostics;
using System.Globalization;
using System.Text;
using Replica.Tests.EndToEnd.Processes;

namespace Replica.Tests.EndToEnd.Docs;

/// <summary>
/// A machine on which a page is followed: a fresh home directory, the built <c>replica</c> on the path, and one shell on a terminal
/// of its own, so that commands print what a person sees. All that it started ends with it.
/// </summary>
internal sealed class Machine : IAsyncDisposable
{
    private const char Mark = '\u0001';
    private readonly Process _terminal;
    private readonly StreamWriter _shell;
    private readonly string _root;
    private int _backgrounds;

    private Machine(string root, Process terminal, StreamWriter shell)
    {
        _root = root;
        _terminal = terminal;
        _shell = shell;
    }

    /// <summary>The directory in which the reader is.</summary>
    public string Home => Path.Combine(_root, "home");

    /// <summary>Starts it.</summary>
    /// <param name="prefix">What stands before a command so that it runs in the machine's network.</param>
    /// <param name="name">The machine's own name.</param>
    /// <param name="hosts">The names of all machines, as in <c>/etc/hosts</c>.</param>
    public static async Task<Machine> StartAsync(IReadOnlyList<string> prefix, string name, string hosts)
    {
        var root = Directory.CreateTempSubdirectory("replica-docs-").FullName;
        var (home, bin, pipe) = (Path.Combine(root, "home"), Path.Combine(root, "bin"), Path.Combine(root, "shell"));
        _ = Directory.CreateDirectory(home);
        _ = Directory.CreateDirectory(bin);
        var program = Path.Combine(bin, "replica");
        var executable = Path.Combine(AppContext.BaseDirectory, "replica.dll");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\nexec dotnet exec '{executable}' \"$@\"\n");
        var names = Path.Combine(root, "hosts");
        await File.WriteAllTextAsync(names, hosts);
        using (var make = Process.Start("sh", ["-c", $"chmod +x '{program}'; mkfifo '{pipe}'"]))
        {
            await make.WaitForExitAsync();
        }

        var start = new ProcessStartInfo(prefix[0])
        {
            UseShellExecute = false,
            WorkingDirectory = home,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
        };
        // The shell reads its commands from the pipe, so nothing is typed on the terminal and nothing echoed.
        var line = $"hostname {name}; mount --bind '{names}' /etc/hosts; exec script -qfec \"exec bash --norc --noprofile '{pipe}'\" /dev/null";
        string[] shell = ["unshare", "--uts", "--mount", "sh", "-c", line];
        foreach (var argument in prefix.Skip(1).Concat(shell))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var variable in start.Environment.Keys.Where(static key => key.StartsWith("REPLICA_", StringComparison.Ordinal)).ToList())
        {
            _ = start.Environment.Remove(variable);
        }

        _ = start.Environment.Remove("XDG_RUNTIME_DIR");
        start.Environment["HOME"] = home;
        start.Environment["PATH"] = bin + ":" + start.Environment["PATH"];
        start.Environment["TERM"] = "dumb";
        start.Environment["NO_COLOR"] = "1";
        start.Environment["LC_ALL"] = "C.UTF-8";
        var terminal = Process.Start(start)!;
        // Opening for writing waits until the shell reads.
        var writer = await Task.Run(() => new StreamWriter(pipe, append: false, new UTF8Encoding(false)) { AutoFlush = true })
            .WaitAsync(ReplicaProcess.Limit);
        var machine = new Machine(root, terminal, writer);
        _ = await machine.RunAsync("trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT; stty -onlcr cols 200");
        return machine;
    }

    /// <summary>Types a command and waits for its end.</summary>
    /// <returns>Its exit code, and the lines that the terminal showed.</returns>
    public async Task<(int Code, IReadOnlyList<string> Lines)> RunAsync(string command)
    {
        await _shell.WriteAsync($"{command}\nprintf '\\001%s\\001' $?\n");
        var text = await ReadToMarkAsync();
        var code = await ReadToMarkAsync();
        return (int.Parse(code, CultureInfo.InvariantCulture), LinesOf(text));
    }

    /// <summary>Types a command that goes on.</summary>
    /// <returns>Reads what it printed so far.</returns>
    public async Task<Func<IReadOnlyList<string>>> StartAsync(string command)
    {
        var file = Path.Combine(_root, $"output-{++_backgrounds}");
        _ = await RunAsync($"{command[..^1]} > '{file}' 2>&1 &");
        return () => File.Exists(file) ? LinesOf(ReadShared(file)) : [];
    }

    /// <summary>Whether what was started last goes on.</summary>
    public async Task<bool> GoesOnAsync() => (await RunAsync("kill -0 $!")).Code == 0;

    public async ValueTask DisposeAsync()
    {
        await _shell.DisposeAsync();
        try
        {
            await _terminal.WaitForExitAsync().WaitAsync(ReplicaProcess.Limit);
        }
        finally
        {
            if (!_terminal.HasExited)
            {
                _terminal.Kill(entireProcessTree: true);
            }

            _terminal.Dispose();
            Directory.Delete(_root, recursive: true);
        }
    }

    private static string ReadShared(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    private List<string> LinesOf(string text)
    {
        var lines = text.Replace(Home, "~", StringComparison.Ordinal).ReplaceLineEndings("\n").Split('\n').ToList();
        if (lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return lines;
    }

    private async Task<string> ReadToMarkAsync()
    {
        var text = new StringBuilder();
        var one = new char[1];
        while (true)
        {
            if (await _terminal.StandardOutput.ReadAsync(one).AsTask().WaitAsync(ReplicaProcess.Limit) == 0)
            {
                throw new InvalidOperationException($"The shell ended: {text}{await _terminal.StandardError.ReadToEndAsync()}");
            }

            if (one[0] == Mark)
            {
                return text.ToString();
            }

            _ = text.Append(one[0]);
        }
    }
}
