using System.CommandLine;
using System.Text.Json.Nodes;
using Replica.Peer.Host;
using Replica.Testing.Vectors;

namespace Replica.PeerCli.Commands;

/// <summary><c>dev vectors FILE…</c>: runs test vectors of the standards against the code that sessions and logs run on.</summary>
internal static class VectorsCommand
{
    /// <summary>The longest file of vectors that is read.</summary>
    private const long FileBytesMax = 64 * 1024 * 1024;

    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "JSON: Noise, Wycheproof, or MessagePack vectors",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("vectors", "Run test vectors; print what failed, and last one line of counts") { files };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var isJson = globals.IsJson(parse);
            var counts = new int[Enum.GetValues<VectorOutcome>().Length];
            foreach (var file in parse.GetValue(files)!)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var verdicts = await RunAsync(file, cancellationToken);
                verdicts.ForEach(verdict => counts[(int)verdict.Outcome]++);
                Tell(globals, isJson, file, verdicts);
            }

            var (passed, failed, skipped) =
                (counts[(int)VectorOutcome.Passed], counts[(int)VectorOutcome.Failed], counts[(int)VectorOutcome.Skipped]);
            globals.Terminal.Line($$"""{"passed":{{passed}},"failed":{{failed}},"skipped":{{skipped}}}""");
            await globals.Terminal.FlushAsync();
            if (failed > 0)
            {
                throw new ReplicaException("REPLICA_VECTORS_FAILED", $"{failed} of {passed + failed} vectors failed.");
            }
        });
        return command;
    }

    /// <summary>The verdicts of a file; a file that can't be read is one failure.</summary>
    private static async Task<List<VectorVerdict>> RunAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > FileBytesMax })
            {
                throw new VectorException($"The file has more than {FileBytesMax} bytes.");
            }

            return [.. VectorFile.Run(await File.ReadAllBytesAsync(file, cancellationToken))];
        }
        catch (Exception fault) when (fault is VectorException or IOException or UnauthorizedAccessException)
        {
            return [new("", VectorOutcome.Failed, fault.Message)];
        }
    }

    private static void Tell(Globals globals, bool isJson, string file, List<VectorVerdict> verdicts)
    {
        var told = verdicts.Where(static verdict => verdict.Outcome == VectorOutcome.Failed)
            .Select(static verdict => (Result: "failed", verdict.Id, Count: 1, verdict.Detail))
            .Concat(verdicts.Where(static verdict => verdict.Outcome == VectorOutcome.Skipped)
                .GroupBy(static verdict => verdict.Detail)
                .Select(static group => (Result: "skipped", Id: "", Count: group.Count(), Detail: group.Key)));
        foreach (var (result, id, count, detail) in told)
        {
            if (isJson)
            {
                var line = new JsonObject { ["file"] = file, ["result"] = result, ["id"] = id, ["count"] = count, ["detail"] = detail };
                globals.Terminal.JsonLine(line.ToJsonString());
            }
            else
            {
                globals.Terminal.Line(Output.SafeText.Of(id.Length > 0 || result == "failed"
                    ? $"{result}: {file}{(id.Length > 0 ? " " + id : "")}: {detail}"
                    : $"{result}: {file}: {count} × {detail}"));
            }
        }
    }
}
