using System.CommandLine;
using System.Text.Json;
using Replica.PeerCli.Control;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>peers</c>: one line for each peer.</summary>
internal static class PeersCommand
{
    private static readonly string[] s_headings = ["NAME", "STATE", "SYNC", "WAY", "HEARD", "ADDRESS"];

    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var command = new Command("peers", "List the peers: who each is, how it is connected, and what either side still lacks");
        command.SetAction(async (parse, cancellationToken) =>
        {
            await using var home = await globals.OpenAsync(parse, cancellationToken);
            var status = await home.Client.GetAsync("/v1/status", cancellationToken);
            using var document = JsonDocument.Parse(status);
            var terminal = globals.Terminal;
            if (globals.IsJson(parse))
            {
                foreach (var peer in Answer.Items(document.RootElement, "peers"))
                {
                    terminal.JsonLine(peer.GetRawText());
                }

                return;
            }

            if (home.IsOwn)
            {
                terminal.Remark("no daemon runs, so no peer is known: 'replica run' serves and syncs");
                return;
            }

            var table = new ScreenTable(terminal, s_headings);
            foreach (var cells in PeerText.Rows(document.RootElement, DateTimeOffset.UtcNow))
            {
                if (terminal.OutputIsScreen)
                {
                    table.Add(cells);
                }
                else
                {
                    terminal.Line(string.Join("  ", cells.Select(static cell => cell.Text.Length > 0 ? cell.Text : "-")));
                }
            }

            table.End();
        });
        return command;
    }
}
