using System.CommandLine;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.PeerCli.Input;

namespace Replica.PeerCli.Commands;

/// <summary><c>resolve ID field=value</c>: settles a conflict by a new write that covers all that is seen here.</summary>
internal static class ResolveCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var id = Globals.Due("ID", "The node");
        var assignments = new Argument<string[]>("field=value")
        {
            Description = "What each field is to show",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var type = Globals.Text("--type", "T", "What the type is to be");
        var remove = new Option<string[]>("--remove") { Description = "A field that is to be gone; may be given again", HelpName = "FIELD" };
        var keep = Globals.Text("--keep", "RELATION=TO", "The edge that is to stay in a relation to one");
        var command = new Command("resolve", "Settle conflicts of a node by a new write that covers what is seen here")
        {
            id, assignments, type, remove, keep,
        };
        command.SetAction((parse, cancellationToken) =>
        {
            var node = new Target.Node(parse.GetValue(id)!);
            List<Mutation> mutations =
            [
                .. FieldArgument.Read(parse.GetValue(assignments)!, null).Select(field => Settle(node, field.Key, field.Value)),
                .. (parse.GetValue(remove) ?? []).Select(field => Settle(node, field, null)),
            ];
            if (parse.GetValue(type) is { } name)
            {
                mutations.Add(new Mutation.Resolve(node, ConflictPlace.Type, "", FieldKind.Register, Value.From(name)));
            }

            if (parse.GetValue(keep) is { } kept)
            {
                var edge = kept.Split('=', 2) is [var relation, var to] ? new Target.Edge(node.Id, relation, to)
                    : throw new UsageException($"--keep is RELATION=TO; '{kept}' has no '='.");
                mutations.Add(new Mutation.Resolve(edge, ConflictPlace.Relation, "", FieldKind.Register, null));
            }

            return mutations.Count > 0
                ? Writes.CommitAsync(globals, parse, mutations, cancellationToken)
                : throw new UsageException("Nothing is said to settle: give field=value, --type, --remove or --keep.");
        });
        return command;
    }

    private static Mutation.Resolve Settle(Target.Node node, string field, Value? value) =>
        new(node, ConflictPlace.Field, field, FieldKind.Register, value);
}
