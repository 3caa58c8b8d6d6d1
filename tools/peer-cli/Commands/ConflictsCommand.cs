using System.CommandLine;
using Replica.PeerCli.Control;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>conflicts [ID]</c>: lists what was written concurrently and is not settled.</summary>
internal static class ConflictsCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var limit = Globals.Count("--limit", "At most so many");
        var command = new Command("conflicts", "List what several devices wrote at the same time, and what shows of it");
        var element = new ElementArguments(command, isDue: false);
        command.Add(limit);
        command.SetAction((parse, cancellationToken) =>
        {
            var path = Paths.Of(
                globals.SpaceOf(parse), "conflicts", [.. element.Query(parse), ("limit", parse.GetValue(limit)?.ToString())]);
            return Lists.ShowAsync(globals, parse, path, json => ConflictText.Of(json, globals.Terminal.Paint), cancellationToken);
        });
        return command;
    }
}
