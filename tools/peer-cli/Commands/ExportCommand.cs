using System.CommandLine;
using Replica.PeerCli.Control;

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
                await home.Client.CopyAsync(path, stream, cancellationToken);
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
}
