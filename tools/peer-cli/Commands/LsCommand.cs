using System.CommandLine;
using Replica.PeerCli.Control;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>ls</c>: lists nodes.</summary>
internal static class LsCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var type = Globals.Text("--type", "T", "Only nodes of this type");
        var prefix = Globals.Text("--prefix", "TEXT", "Only nodes whose id begins so");
        var after = Globals.Text("--after", "ID", "Only nodes behind this id");
        var limit = Globals.Count("--limit", "At most so many");
        var command = new Command("ls", "List nodes, in order of their ids") { type, prefix, after, limit };
        command.SetAction((parse, cancellationToken) =>
        {
            var path = Paths.Of(
                globals.SpaceOf(parse), "nodes", ("type", parse.GetValue(type)), ("prefix", parse.GetValue(prefix)),
                ("after", parse.GetValue(after)), ("limit", parse.GetValue(limit)?.ToString()));
            return Lists.ShowTableAsync(
                globals, parse, path, static json => [GraphText.NodeLine(json)], ["ID", "TYPE", "FIELDS"], GraphText.NodeCells, cancellationToken);
        });
        return command;
    }
}
