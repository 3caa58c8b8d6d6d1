using System.Diagnostics;
using Replica.Peer.Host;

namespace Replica.PeerCli.Demo.Peers;

/// <summary>How this program is started once more: the file, and what goes before its own arguments.</summary>
/// <param name="File">The program.</param>
/// <param name="Before">Arguments before those of the command line; the name of the assembly when the program is dotnet.</param>
internal sealed record Executable(string File, IReadOnlyList<string> Before)
{
    private static readonly TimeSpan s_commandLimit = TimeSpan.FromSeconds(20);

    /// <summary>The executable that this process runs.</summary>
    public static Executable Own()
    {
        var file = Environment.ProcessPath
            ?? throw new ReplicaException("REPLICA_NO_EXECUTABLE", "This system does not say which file this process runs, so no peer can be started.");
        return Path.GetFileNameWithoutExtension(file) == "dotnet" ? new(file, [Environment.GetCommandLineArgs()[0]]) : new(file, []);
    }

    /// <summary>Starts it; the streams are this process's to read.</summary>
    public Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(File)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in Before.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)
            ?? throw new ReplicaException("REPLICA_NO_EXECUTABLE", $"'{File}' could not be started: check that it may be executed.");
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Runs one command to its end.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="ReplicaException">It failed or did not end in time; the message holds what it said.</exception>
    public async Task<string> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_commandLimit);
        using var process = Start(arguments);
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0
                ? await output
                : throw new ReplicaException(
                    "REPLICA_DEMO_COMMAND", $"'replica {string.Join(' ', arguments)}' ended with {process.ExitCode}: {(await error).Trim()}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ReplicaException(
                "REPLICA_DEMO_COMMAND", $"'replica {string.Join(' ', arguments)}' did not end within {s_commandLimit.TotalSeconds} s.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
