using System.Diagnostics;
using System.Text;
using Replica.Tests.EndToEnd.Processes;

namespace Replica.Tests.EndToEnd.Embedding;

/// <summary>A sample as a process of its own, as it was built beside the tests.</summary>
internal static class SampleProcess
{
    private static readonly string s_configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Starts it.</summary>
    public static LineReader Start(string sample, string assembly, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            WorkingDirectory = Path.GetTempPath(),
        };
        var path = Path.Combine(Root, "samples", sample, "bin", s_configuration, "net10.0", assembly + ".dll");
        foreach (var argument in (string[])["exec", path, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        return new(Process.Start(start)!);
    }

    /// <summary>Runs it to its end, which must be a good one.</summary>
    public static async Task<string[]> RunAsync(string sample, string assembly, params string[] arguments)
    {
        await using var process = Start(sample, assembly, arguments);
        var outcome = await process.EndAsync();
        Xunit.Assert.True(outcome.Code == 0, $"{assembly} ended with {outcome.Code}: {outcome.Error}");
        return outcome.Lines;
    }

    /// <summary>Asks it to stop, as a service manager does.</summary>
    public static async Task TerminateAsync(LineReader process)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Process.Id}"]);
        await kill.WaitForExitAsync().WaitAsync(ReplicaProcess.Limit);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Replica.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests were moved out of the repository.");
        }

        return folder.FullName;
    }
}
