using System.Collections.Concurrent;
using System.Diagnostics;

namespace Replica.Tests.EndToEnd.Processes;

/// <summary>Finds out what this machine lets tests do.</summary>
internal static class Probe
{
    private static readonly ConcurrentDictionary<string, bool> s_known = new();

    /// <summary>Whether a command can be run here and succeeds; each is tried once.</summary>
    public static bool Works(string program, params string[] arguments) =>
        s_known.GetOrAdd(string.Join(' ', [program, .. arguments]), _ => Try(program, arguments));

    private static bool Try(string program, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            });
            return process!.WaitForExit(10_000) && process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
