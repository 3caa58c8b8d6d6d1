using System.CommandLine;
using Replica.PeerCli.Control;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>who ID</c>: which peers hold a node's last changes durably.</summary>
internal static class WhoCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var id = Globals.Due("ID", "The node");
        var command = new Command("who", "Show which peers said that they hold a node's last changes on disk") { id };
        command.SetAction(async (parse, cancellationToken) =>
        {
            await using var home = await globals.OpenAsync(parse, cancellationToken);
            var path = Paths.Of(globals.SpaceOf(parse), "holders", ("id", parse.GetValue(id)));
            var report = await home.Client.GetAsync(path, cancellationToken);
            if (globals.IsJson(parse))
            {
                globals.Terminal.JsonLine(report);
                return;
            }

            foreach (var line in PeerText.Holders(report, isDaemon: !home.IsOwn))
            {
                globals.Terminal.Line(line);
            }
        });
        return command;
    }
}
