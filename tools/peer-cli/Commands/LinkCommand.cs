using System.CommandLine;
using Replica.Crdt.Changes;
using Replica.Peer.Host;
using Replica.PeerCli.Input;

namespace Replica.PeerCli.Commands;

/// <summary><c>link FROM RELATION TO [field=value…]</c>: makes an edge or updates it.</summary>
internal static class LinkCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var from = Globals.Due("FROM", "The node it leaves");
        var relation = Globals.Due("RELATION", "What it means");
        var to = Globals.Due("TO", "The node it enters");
        var assignments = new Argument<string[]>("field=value")
        {
            Description = "Fields to set, as in put",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var key = Globals.Text("--key", "KEY", "Tells parallel edges apart");
        var fields = Globals.Text("--fields", "JSON", "Fields as one JSON object");
        var remove = new Option<string[]>("--remove") { Description = "A field to remove; may be given again", HelpName = "FIELD" };
        var command = new Command("link", "Link two nodes, or update the link") { from, relation, to, assignments, key, fields, remove };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var edge = new Target.Edge(
                parse.GetValue(from)!, parse.GetValue(relation)!, parse.GetValue(to)!, parse.GetValue(key) ?? "");
            var set = FieldArgument.Read(parse.GetValue(assignments)!, parse.GetValue(fields));
            List<Mutation> mutations = [new Mutation.LinkEdge(edge, set, EndpointsRequired: true)];
            mutations.AddRange(Writes.Removal(edge, set, parse.GetValue(remove)));
            await Writes.CommitAsync(globals, parse, mutations, cancellationToken);
        });
        return command;
    }
}
