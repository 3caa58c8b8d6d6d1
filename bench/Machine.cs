using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Replica.Bench;

/// <summary>Where the numbers come from: without it they mean nothing.</summary>
/// <param name="Processor">Model, as the system names it.</param>
/// <param name="Cores">Logical processors that this process may use.</param>
/// <param name="System">Operating system and architecture.</param>
/// <param name="Runtime">.NET version.</param>
/// <param name="FileSystem">Of the folder in which the runs were made.</param>
/// <param name="Sqlite">Version of the native engine.</param>
/// <param name="Commit">Commit of the sources, with a plus sign when files differ from it; null outside a clone.</param>
internal sealed record Machine(
    string Processor, int Cores, string System, string Runtime, string FileSystem, string Sqlite, string? Commit)
{
    private const int GitMillisecondsMax = 5_000;

    /// <summary>Describes this computer.</summary>
    /// <param name="folder">Where the runs are made.</param>
    public static Machine Describe(string folder) => new(
        ProcessorName(),
        Environment.ProcessorCount,
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}",
        RuntimeInformation.FrameworkDescription,
        new DriveInfo(folder).DriveFormat,
        SqliteVersion(),
        CommitId());

    private static string ProcessorName()
    {
        const string Source = "/proc/cpuinfo";
        var line = File.Exists(Source)
            ? File.ReadLines(Source).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static string SqliteVersion()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        return connection.ServerVersion;
    }

    private static string? CommitId()
    {
        var id = Git("rev-parse", "--short=12", "HEAD");
        return id is null ? null : id + (Git("status", "--porcelain") is { Length: > 0 } ? "+" : "");
    }

    private static string? Git(params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo("git", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
            using var git = Process.Start(start)!;
            var output = git.StandardOutput.ReadToEnd().Trim();
            return git.WaitForExit(GitMillisecondsMax) && git.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception)
        {
            // No git on this computer: the numbers stand without a commit.
            return null;
        }
    }
}
