using System.CommandLine;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.PeerCli.Input;
using Replica.Web.Json;

namespace Replica.PeerCli.Commands;

/// <summary><c>resolve ID field=value</c>: settles a conflict by a new write that covers all that is seen here.</summary>
internal static class ResolveCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var command = new Command("resolve", "Settle conflicts of a node or edge by a new write that covers what is seen here");
        var element = new ElementArguments(command);
        var assignments = new Argument<string[]>("field=value")
        {
            Description = "What each field is to show; {\"$counter\":5} settles for a counter and {\"$set\":[1,2]} for a set",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var type = Globals.Text("--type", "T", "What the type is to be");
        var vector = Globals.Text("--vector", "JSON", "What the vector is to be, an array of numbers, or null for none");
        var remove = new Option<string[]>("--remove") { Description = "A field that is to be gone; may be given again", HelpName = "FIELD" };
        var keep = new Option<bool>("--keep") { Description = "With --relation and --to: this edge is to stay in its relation to one" };
        var under = Globals.Text("--under", "ID", "The node is to be under this one in the tree; there already, it stays in its place");
        var top = new Option<bool>("--top") { Description = "The node is to be at the top of the tree" };
        foreach (var symbol in new Symbol[] { assignments, type, vector, remove, keep, under, top })
        {
            Add(command, symbol);
        }

        command.SetAction((parse, cancellationToken) =>
        {
            var target = element.Read(parse);
            List<Mutation> mutations =
            [
                .. FieldArgument.Read(parse.GetValue(assignments)!, null).Select(field => Field(target, field.Key, field.Value)),
                .. (parse.GetValue(remove) ?? []).Select(field => Field(target, field, null)),
            ];
            if (parse.GetValue(type) is { } name)
            {
                mutations.Add(Settle(target, ConflictPlace.Type, Value.From(name)));
            }

            if (parse.GetValue(vector) is { } numbers)
            {
                mutations.Add(Settle(target, ConflictPlace.Vector, numbers == "null" ? null : VectorJson.ToValue(FieldArgument.ReadVector(numbers)!.Value)));
            }

            if (parse.GetValue(keep))
            {
                mutations.Add(Settle(target, ConflictPlace.Relation, null));
            }

            if (parse.GetValue(under) is { } parent)
            {
                mutations.Add(Settle(target, ConflictPlace.Move, Value.Reference(parent)));
            }

            if (parse.GetValue(top))
            {
                mutations.Add(Settle(target, ConflictPlace.Move, null));
            }

            return mutations.Count > 0
                ? Writes.CommitAsync(globals, parse, mutations, cancellationToken)
                : throw new UsageException("Nothing is said to settle: give field=value, --type, --vector, --remove, --keep, --under or --top.");
        });
        return command;
    }

    private static void Add(Command command, Symbol symbol)
    {
        if (symbol is Argument argument)
        {
            command.Add(argument);
        }
        else
        {
            command.Add((Option)symbol);
        }
    }

    private static Mutation.Resolve Field(Target target, string field, Value? value) =>
        new(target, ConflictPlace.Field, field, Mutation.Resolve.KindOf(value), value);

    private static Mutation.Resolve Settle(Target target, ConflictPlace place, Value? value)
    {
        var isOnEdge = place == ConflictPlace.Relation;
        if (isOnEdge != target is Target.Edge)
        {
            throw new UsageException(isOnEdge
                ? "--keep names the edge that is to stay: give --relation and --to as well."
                : "Only a node has a type, a vector and a place in the tree: leave out --relation and --to.");
        }

        return new(target, place, "", FieldKind.Register, value);
    }
}
