using System.CommandLine;
using System.Text.Json;
using Replica.PeerCli.Control;

namespace Replica.PeerCli.Commands;

/// <summary><c>init</c>: makes a home, or a further space in one.</summary>
internal static class InitCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var name = NewSpace.NameOption();
        var durability = NewSpace.DurabilityOption();
        var command = new Command("init", "Make a home with a new space, or with --space a further space in a home") { name, durability };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var answer = await NewSpace.AddAsync(globals, parse, parse.GetValue(name), null, parse.GetValue(durability), cancellationToken);
            if (globals.IsJson(parse))
            {
                globals.Terminal.JsonLine(answer);
                return;
            }

            using var document = JsonDocument.Parse(answer);
            globals.Terminal.Line($"space {Answer.Text(document.RootElement, "space")} {Answer.Text(document.RootElement, "id")}");
        });
        return command;
    }
}
