using System.CommandLine;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.PeerCli.Input;

namespace Replica.PeerCli.Commands;

/// <summary><c>tag ID FIELD VALUE…</c> and <c>untag</c>: put values into a set field and take them out.</summary>
internal static class TagCommand
{
    /// <summary>Makes the command that adds.</summary>
    public static Command Add(Globals globals) => Create(
        globals, "tag", "Put values into a set: what several devices put in all stays",
        static (node, field, value) => new Mutation.AddToSet(node, field, value));

    /// <summary>Makes the command that removes.</summary>
    public static Command Remove(Globals globals) => Create(
        globals, "untag", "Take values out of a set: what another device puts in at the same time stays",
        static (node, field, value) => new Mutation.RemoveFromSet(node, field, value));

    private static Command Create(
        Globals globals, string name, string description, Func<Target.Node, string, Value, Mutation> make)
    {
        var id = Globals.Due("ID", "The node");
        var field = Globals.Due("FIELD", "The set");
        var values = new Argument<string[]>("VALUE") { Description = "JSON or plain text", Arity = ArgumentArity.OneOrMore };
        var command = new Command(name, description) { id, field, values };
        command.SetAction((parse, cancellationToken) =>
        {
            var node = new Target.Node(parse.GetValue(id)!);
            var set = parse.GetValue(field)!;
            List<Mutation> mutations = [.. parse.GetValue(values)!.Select(value => make(node, set, FieldArgument.ReadValue(set, value)))];
            return Writes.CommitAsync(globals, parse, mutations, cancellationToken);
        });
        return command;
    }
}
