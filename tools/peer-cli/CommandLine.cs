using System.CommandLine;
using Replica.Peer.Host;
using Replica.PeerCli.Commands;
using Replica.PeerCli.Output;

namespace Replica.PeerCli;

/// <summary>Runs one command line: what it throws becomes one line on the error stream and an exit code.</summary>
internal static class CommandLine
{
    private const int Failed = 1;
    private const int Usage = 2;

    /// <summary>Parses and runs.</summary>
    /// <returns>0 if all went well, 1 if the command failed, 2 if the command line is wrong.</returns>
    public static async Task<int> RunAsync(string[] arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var isTraced = Environment.GetEnvironmentVariable("REPLICA_DEBUG") == "1"
            || arguments.TakeWhile(static argument => argument != "--").Contains(Globals.TraceName);
        try
        {
            var root = CommandTree.Create(terminal);
            // An argument that begins with @ is a node's id here, not the name of a file with more arguments.
            var parse = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
            Mistakes.Check(parse);
            var configuration = new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            var code = await parse.InvokeAsync(configuration, cancellationToken);
            await terminal.FlushAsync();
            return code;
        }
        catch (Exception fault)
        {
            var code = Report(fault, terminal, cancellationToken);
            if (isTraced)
            {
                terminal.Error.WriteLine(fault);
            }

            return code;
        }
    }

    private static int Report(Exception fault, Terminal terminal, CancellationToken cancellationToken)
    {
        switch (fault)
        {
            case UsageException:
                terminal.Remark(fault.Message);
                return Usage;
            case ReplicaException known:
                terminal.Remark($"{known.Message} ({known.Code})");
                return Failed;
            case OperationCanceledException when cancellationToken.IsCancellationRequested:
                terminal.Remark("stopped before the end (REPLICA_STOPPED)");
                return Failed;
            case FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException:
                terminal.Remark($"{fault.Message} Look at the path and its permissions. (REPLICA_NO_ACCESS)");
                return Failed;
            case IOException when IsBrokenPipe(fault):
                // Whoever read the output has had enough, as head does: nothing to say.
                return Failed;
            case HttpRequestException { InnerException: { } cause }:
                terminal.Remark($"{cause.Message} (REPLICA_IO)");
                return Failed;
            case IOException or HttpRequestException:
                terminal.Remark($"{fault.Message} (REPLICA_IO)");
                return Failed;
            default:
                terminal.Remark(
                    $"A fault of this program: {fault.GetType().Name}: {fault.Message} --trace shows where. (REPLICA_INTERNAL)");
                return Failed;
        }
    }

    // 32 is EPIPE on every Unix.
    private static bool IsBrokenPipe(Exception fault) => fault.HResult == 32 || fault.InnerException is { HResult: 32 }
        || fault.Message.Contains("Broken pipe", StringComparison.Ordinal);
}
