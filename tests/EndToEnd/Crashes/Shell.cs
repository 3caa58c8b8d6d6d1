using System.Diagnostics;
using Replica.Tests.EndToEnd.Processes;

namespace Replica.Tests.EndToEnd.Crashes;

/// <summary>Runs a script in which <c>replica</c> is the built executable and <c>$HOME_DIR</c> the home of a test.</summary>
internal static class Shell
{
    /// <summary>Runs it.</summary>
    /// <param name="home">The home.</param>
    /// <param name="isInNamespace">Whether it may mount: in a namespace of its own.</param>
    /// <param name="script">What to run; each line on its own, whatever the one before gave.</param>
    public static async Task<Outcome> RunAsync(TemporaryHome home, bool isInNamespace, string script)
    {
        var executable = Path.Combine(AppContext.BaseDirectory, "replica.dll");
        // A daemon in the background takes the place of its shell, so that a signal reaches it.
        var prelude = $$"""
            replica() { dotnet exec '{{executable}}' --dir "$HOME_DIR" "$@"; }
            daemon() { exec dotnet exec '{{executable}}' --dir "$HOME_DIR" run; }

            """;
        var start = new ProcessStartInfo(isInNamespace ? "unshare" : "bash")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = home.Root,
        };
        string[] arguments = [.. isInNamespace ? ["-Urm", "bash"] : Array.Empty<string>(), "-c", prelude + script];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["HOME_DIR"] = home.Path;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(2 * ReplicaProcess.Limit);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new(process.ExitCode, await output, await error);
    }
}
