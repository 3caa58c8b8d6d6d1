using System.CommandLine;
using System.Text.Json;
using Replica.PeerCli.Control;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>export</c>: writes the graph in the form that import reads.</summary>
internal static class ExportCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var output = Globals.Text("--output", "FILE", "Write to this new file instead of the output");
        var command = new Command("export", "Write all nodes, then all edges, as JSON Lines that import reads") { output };
        command.SetAction(async (parse, cancellationToken) =>
        {
            await using var home = await globals.OpenAsync(parse, cancellationToken);
            var path = Paths.Of(globals.SpaceOf(parse), "export");
            if (parse.GetValue(output) is not { } file)
            {
                await home.Client.CopyAsync(path, globals.Terminal.Bytes(), cancellationToken);
                return;
            }

            await using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            try
            {
                // Nodes and edges are most of the lines; what the tree adds comes at the end.
                var total = globals.Terminal.CanDraw ? await CountAsync(globals, parse, home, cancellationToken) : 0;
                await WorkProgress.RunAsync(globals.Terminal, static perSecond => $"{perSecond:N0} lines/s", progress => home.Client.CopyAsync(
                    path, new LineCountingStream(stream, lines => progress("export", Math.Min(lines, total), total)), cancellationToken));
            }
            catch
            {
                // Half an export must not be taken for a whole one.
                File.Delete(file);
                throw;
            }
        });
        return command;
    }

    private static async Task<long> CountAsync(Globals globals, ParseResult parse, HomeConnection home, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(await home.Client.GetAsync("/v1/status", cancellationToken));
        return Answer.Items(document.RootElement, "spaces").Where(space => Answer.Text(space, "name") == globals.SpaceOf(parse))
            .Sum(static space => Answer.Number(space, "nodes") + Answer.Number(space, "edges"));
    }
}
