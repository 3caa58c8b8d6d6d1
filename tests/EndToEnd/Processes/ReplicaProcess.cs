using System.Diagnostics;
using System.Text;

namespace Replica.Tests.EndToEnd.Processes;

/// <summary>The built executable as a process of its own.</summary>
internal static class ReplicaProcess
{
    /// <summary>How long a command may take before the test gives it up; far more than any needs.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly string s_executable = Path.Combine(AppContext.BaseDirectory, "replica.dll");

    /// <summary>Starts it; both streams are redirected.</summary>
    public static Process Start(IEnumerable<string> arguments, string? workingDirectory = null, params (string Name, string Value)[] environment) =>
        StartBehind([], arguments, workingDirectory, environment);

    /// <summary>Starts it behind another command, such as one that enters a network namespace and becomes it.</summary>
    public static Process StartBehind(
        IReadOnlyList<string> prefix, IEnumerable<string> arguments, string? workingDirectory = null, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(prefix.Count > 0 ? prefix[0] : "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
            WorkingDirectory = workingDirectory ?? Path.GetTempPath(),
        };
        IEnumerable<string> all = ["exec", s_executable, .. arguments];
        foreach (var argument in prefix.Count > 0 ? prefix.Skip(1).Append("dotnet").Concat(all) : all)
        {
            start.ArgumentList.Add(argument);
        }

        _ = start.Environment.Remove("REPLICA_DIR");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<Outcome> RunAsync(
        IEnumerable<string> arguments, string? workingDirectory = null, params (string Name, string Value)[] environment)
    {
        using var process = Start(arguments, workingDirectory, environment);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw;
        }

        return new(process.ExitCode, await output, await error);
    }

    /// <summary>Runs it under another mask for the rights of new files.</summary>
    public static async Task<Outcome> RunUnderUmaskAsync(string umask, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("sh") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] all = ["-c", $"umask {umask}; exec dotnet exec \"$0\" \"$@\"", s_executable, .. arguments];
        foreach (var argument in all)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Limit);
        return new(process.ExitCode, await output, await error);
    }

    /// <summary>Sends a signal to one process.</summary>
    public static async Task SignalAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, process.Id.ToString()]);
        await kill.WaitForExitAsync();
    }
}
