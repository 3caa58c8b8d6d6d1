using System.CommandLine;
using Replica.PeerCli.Control;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>edges</c>: lists edges.</summary>
internal static class EdgesCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var node = new Argument<string?>("ID")
        {
            Description = "Only edges that leave this node, as with --from",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var from = Globals.Text("--from", "ID", "Only edges that leave this node");
        var to = Globals.Text("--to", "ID", "Only edges that enter this node");
        var relation = Globals.Text("--relation", "R", "Only edges of this relation");
        var limit = Globals.Count("--limit", "At most so many");
        var command = new Command("edges", "List edges") { node, from, to, relation, limit };
        command.SetAction((parse, cancellationToken) =>
        {
            var path = Paths.Of(
                globals.SpaceOf(parse), "edges", ("from", parse.GetValue(from) ?? parse.GetValue(node)), ("to", parse.GetValue(to)),
                ("relation", parse.GetValue(relation)), ("limit", parse.GetValue(limit)?.ToString()));
            return Lists.ShowTableAsync(
                globals, parse, path, static json => [GraphText.EdgeLine(json)], ["FROM", "RELATION", "TO", "KEY", "FIELDS"],
                GraphText.EdgeCells, cancellationToken);
        });
        return command;
    }
}
