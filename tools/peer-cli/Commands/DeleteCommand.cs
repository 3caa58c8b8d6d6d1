using System.CommandLine;
using Replica.Peer.Host;

namespace Replica.PeerCli.Commands;

/// <summary><c>delete ID</c>: deletes a node.</summary>
internal static class DeleteCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var id = Globals.Due("ID", "The node");
        var command = new Command("delete", "Delete a node; an edit that somebody makes at the same time keeps it") { id };
        command.SetAction((parse, cancellationToken) =>
            Writes.CommitAsync(globals, parse, [new Mutation.DeleteNode(parse.GetValue(id)!)], cancellationToken));
        return command;
    }
}
