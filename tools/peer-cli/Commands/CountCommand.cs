using System.CommandLine;
using Replica.Peer.Host;

namespace Replica.PeerCli.Commands;

/// <summary><c>count ID FIELD N</c>: adds to a counter of a node or edge, so that what several devices add at the same time all counts.</summary>
internal static class CountCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var command = new Command("count", "Add to a counter: what several devices add at the same time all counts");
        var element = new ElementArguments(command);
        var field = Globals.Due("FIELD", "The counter");
        var number = new Argument<long>("N") { Description = "How much to add; write a negative number behind --" };
        var set = new Option<bool>("--set") { Description = "Set the counter to N instead" };
        command.Add(field);
        command.Add(number);
        command.Add(set);
        command.SetAction((parse, cancellationToken) =>
        {
            var target = element.Read(parse);
            var name = parse.GetValue(field)!;
            Mutation mutation = parse.GetValue(set)
                ? new Mutation.SetCounter(target, name, parse.GetValue(number))
                : new Mutation.AddCounter(target, name, parse.GetValue(number));
            return Writes.CommitAsync(globals, parse, [mutation], cancellationToken);
        });
        return command;
    }
}
