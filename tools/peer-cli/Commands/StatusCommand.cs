using System.CommandLine;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>status</c>: what the home holds and how it stands with its peers.</summary>
internal static class StatusCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var command = new Command("status", "Show the home, its spaces and how they stand with peers");
        command.SetAction(async (parse, cancellationToken) =>
        {
            await using var home = await globals.OpenAsync(parse, cancellationToken);
            var status = await home.Client.GetAsync("/v1/status", cancellationToken);
            if (globals.IsJson(parse))
            {
                globals.Terminal.JsonLine(status);
                return;
            }

            foreach (var line in StatusText.Lines(status, isDaemon: !home.IsOwn, DateTimeOffset.UtcNow, globals.Terminal.Paint))
            {
                globals.Terminal.Line(line);
            }
        });
        return command;
    }
}
