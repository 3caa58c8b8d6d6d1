using System.CommandLine;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.PeerCli.Input;

namespace Replica.PeerCli.Commands;

/// <summary><c>tag ID FIELD VALUE…</c> and <c>untag</c>: put values into a set field of a node or edge and take them out.</summary>
internal static class TagCommand
{
    /// <summary>Makes the command that adds.</summary>
    public static Command Add(Globals globals) => Create(
        globals, "tag", "Put values into a set: what several devices put in all stays",
        static (target, field, value) => new Mutation.AddToSet(target, field, value));

    /// <summary>Makes the command that removes.</summary>
    public static Command Remove(Globals globals) => Create(
        globals, "untag", "Take values out of a set: what another device puts in at the same time stays",
        static (target, field, value) => new Mutation.RemoveFromSet(target, field, value));

    private static Command Create(
        Globals globals, string name, string description, Func<Target, string, Value, Mutation> make)
    {
        var command = new Command(name, description);
        var element = new ElementArguments(command);
        var field = Globals.Due("FIELD", "The set");
        var values = new Argument<string[]>("VALUE") { Description = "JSON or plain text", Arity = ArgumentArity.OneOrMore };
        command.Add(field);
        command.Add(values);
        command.SetAction((parse, cancellationToken) =>
        {
            var target = element.Read(parse);
            var set = parse.GetValue(field)!;
            List<Mutation> mutations = [.. parse.GetValue(values)!.Select(value => make(target, set, FieldArgument.ReadValue(set, value)))];
            return Writes.CommitAsync(globals, parse, mutations, cancellationToken);
        });
        return command;
    }
}
