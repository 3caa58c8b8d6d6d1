using System.Diagnostics;
using Xunit;

namespace Replica.Tests.EndToEnd.Crashes;

/// <summary>A test that mounts small or read-only disks in a namespace of its own; skipped where the system lets nobody do so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NamespaceFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> s_works = new(Works);

    public NamespaceFactAttribute() => Skip = s_works.Value ? null : "needs mounts in a user namespace: unshare -Urm does not work here";

    private static bool Works()
    {
        try
        {
            var start = new ProcessStartInfo("unshare", ["-Urm", "mount", "-t", "tmpfs", "none", Path.GetTempPath()])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            _ = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
