using System.CommandLine;
using Replica.Crdt.Changes;
using Replica.Peer.Host;
using Replica.PeerCli.Input;

namespace Replica.PeerCli.Commands;

/// <summary><c>put ID [--type T] field=value…</c>: makes a node or updates it.</summary>
internal static class PutCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var id = Globals.Due("ID", "The node");
        var assignments = new Argument<string[]>("field=value")
        {
            Description = "Fields to set: JSON (36, true, null, \"36\", [1,2], {\"a\":1}) or plain text",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var type = Globals.Text("--type", "T", "The node's type; left as it is if not given");
        var fields = Globals.Text("--fields", "JSON", "Fields as one JSON object, typed values included: {\"at\":{\"$time\":\"…\"}}");
        var vector = Globals.Text("--vector", "JSON", "The node's vector, an array of numbers");
        var remove = new Option<string[]>("--remove") { Description = "A field to remove; may be given again", HelpName = "FIELD" };
        var command = new Command("put", "Make a node or update it") { id, assignments, type, fields, vector, remove };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var node = parse.GetValue(id)!;
            var set = FieldArgument.Read(parse.GetValue(assignments)!, parse.GetValue(fields));
            var put = new Mutation.PutNode(node, parse.GetValue(type), set) { Vector = FieldArgument.ReadVector(parse.GetValue(vector)) };
            List<Mutation> mutations = [put, .. Writes.Removal(new Target.Node(node), set, parse.GetValue(remove))];
            await Writes.CommitAsync(globals, parse, mutations, cancellationToken);
        });
        return command;
    }
}
