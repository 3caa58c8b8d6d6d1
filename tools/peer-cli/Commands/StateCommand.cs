using System.CommandLine;
using Replica.PeerCli.Control;

namespace Replica.PeerCli.Commands;

/// <summary><c>state --canonical</c>: everything visible as one JSON document, equal on equal replicas byte for byte.</summary>
internal static class StateCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var canonical = new Option<bool>("--canonical") { Description = "Sorted names, no whitespace; the only form there is" };
        var command = new Command("state", "Write everything visible as one canonical JSON document") { canonical };
        command.SetAction(async (parse, cancellationToken) =>
        {
            await using var home = await globals.OpenAsync(parse, cancellationToken);
            await home.Client.CopyAsync(Paths.Of(globals.SpaceOf(parse), "state"), globals.Terminal.Bytes(), cancellationToken);
        });
        return command;
    }
}
