using System.Diagnostics;
using Xunit;

namespace Replica.Tests.EndToEnd.Reach;

/// <summary>A test over network namespaces of its own; skipped, and counted as skipped, where these can't be made.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NamespaceFactAttribute : FactAttribute
{
    public NamespaceFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || !Works("unshare", "-Urn", "ip", "link", "add", "x", "type", "bridge"))
        {
            Skip = "Needs unshare, ip and the right to make network namespaces.";
        }
        else if (!Works("unshare", "-Urn", "nft", "add", "table", "inet", "t"))
        {
            Skip = "Needs nft.";
        }
    }

    private static bool Works(string program, params string[] arguments)
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
