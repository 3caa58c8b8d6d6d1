using System.CommandLine;
using Replica.PeerCli.Control;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>get ID</c>: shows a node.</summary>
internal static class GetCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var id = Globals.Due("ID", "The node");
        var command = new Command("get", "Show a node with its fields") { id };
        command.SetAction(async (parse, cancellationToken) =>
        {
            await using var home = await globals.OpenAsync(parse, cancellationToken);
            var path = Paths.Of(globals.SpaceOf(parse), "node", ("id", parse.GetValue(id)));
            var node = await home.Client.GetAsync(path, cancellationToken);
            if (globals.IsJson(parse))
            {
                globals.Terminal.JsonLine(node);
                return;
            }

            foreach (var line in GraphText.Node(node, globals.Terminal.Paint))
            {
                globals.Terminal.Line(line);
            }
        });
        return command;
    }
}
