using System.CommandLine;
using Replica.PeerCli.Control;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>history ID</c>: all that was ever written on a node or an edge.</summary>
internal static class HistoryCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var limit = Globals.Count("--limit", "Only so many changes, the newest");
        var command = new Command("history", "Show who wrote what on a node or an edge, and when, with the values before and after");
        var element = new ElementArguments(command);
        command.Add(limit);
        command.SetAction((parse, cancellationToken) =>
        {
            _ = element.Read(parse);
            var path = Paths.Of(globals.SpaceOf(parse), "history", [.. element.Query(parse), ("limit", parse.GetValue(limit)?.ToString())]);
            return Lists.ShowAsync(globals, parse, path, json => HistoryText.Of(json, globals.Terminal.Paint), cancellationToken);
        });
        return command;
    }
}
