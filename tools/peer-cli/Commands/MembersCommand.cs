using System.CommandLine;
using Replica.PeerCli.Control;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>members</c>: who was let into the space, by whom, and what each may do now.</summary>
internal static class MembersCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var command = new Command("members", "List the devices of the space with their roles");
        command.SetAction((parse, cancellationToken) => Lists.ShowTableAsync(
            globals, parse, Paths.Of(globals.SpaceOf(parse), "members"), MemberText.Member,
            ["NAME", "ROLE", "DEVICE", "LET IN BY", ""], MemberText.MemberCells, cancellationToken));
        return command;
    }
}
