using System.CommandLine;
using Replica.Peer.Host;
using Replica.Peer.Store.Tree;

namespace Replica.PeerCli.Commands;

/// <summary><c>move ID [--under PARENT] [--first | --after SIBLING]</c>: places a node in the tree.</summary>
internal static class MoveCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var id = Globals.Due("ID", "The node");
        var under = Globals.Text("--under", "PARENT", "The node that it comes under; without it, the top");
        var after = Globals.Text("--after", "SIBLING", "The child of the same parent that it follows; without it, the last one");
        var first = new Option<bool>("--first") { Description = "Before all other children" };
        var command = new Command("move", "Place a node in the tree") { id, under, after, first };
        command.SetAction((parse, cancellationToken) =>
        {
            var sibling = parse.GetValue(after);
            if (sibling is not null && parse.GetValue(first))
            {
                throw new UsageException("--first and --after name two places: give one of them.");
            }

            MovePlace place = sibling is not null ? new MovePlace.After(sibling)
                : parse.GetValue(first) ? new MovePlace.First()
                : new MovePlace.Last();
            return Writes.CommitAsync(
                globals, parse, [new Mutation.MoveNode(parse.GetValue(id)!, parse.GetValue(under), place)], cancellationToken);
        });
        return command;
    }
}
