using System.CommandLine;
using Replica.Peer.Host;

namespace Replica.PeerCli.Commands;

/// <summary><c>respace [ID]</c>: gives the children of a node short positions again.</summary>
internal static class RespaceCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var id = new Argument<string?>("ID") { Description = "The parent; without it, the top", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("respace", "Space the children of a node anew, in their present order, when there is no room between two") { id };
        command.SetAction((parse, cancellationToken) =>
            Writes.CommitAsync(globals, parse, [new Mutation.Respace(parse.GetValue(id))], cancellationToken));
        return command;
    }
}
