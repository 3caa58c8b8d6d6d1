using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Replica.PeerCli.Demo.Peers;

/// <summary>Asks a process to end in order, which the base library can't.</summary>
internal static class Signal
{
    private const int Terminate = 15;

    /// <summary>Sends SIGTERM where there is such a thing.</summary>
    /// <returns>False if the process could not be asked.</returns>
    public static bool TryTerminate(Process process) =>
        !OperatingSystem.IsWindows() && !process.HasExited && Kill(process.Id, Terminate) == 0;

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
