using System.ComponentModel;
using System.Diagnostics;
using Replica.Tests.EndToEnd.Processes;
using Xunit.Abstractions;

namespace Replica.Tests.EndToEnd.Security;

/// <summary>The peer that was written from the documentation alone, run by Node.</summary>
internal static class NodePeer
{
    private static readonly string s_script = Path.Combine(AppContext.BaseDirectory, "Security", "independent-peer.mjs");

    /// <summary>Starts it.</summary>
    /// <returns>Null where there is no Node; the reason was then written to <paramref name="output"/>.</returns>
    public static LineReader? TryStart(ITestOutputHelper output, params string[] arguments)
    {
        var start = new ProcessStartInfo("node")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments.Prepend(s_script))
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            return new(Process.Start(start)!);
        }
        catch (Win32Exception)
        {
            output.WriteLine("SKIPPED: there is no program 'node' on this machine.");
            return null;
        }
    }
}
