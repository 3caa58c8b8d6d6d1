using System.CommandLine;
using Replica.Peer.Host;

namespace Replica.PeerCli.Commands;

/// <summary><c>raise LEVEL</c>: raises the format level of the space.</summary>
internal static class RaiseCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var level = new Argument<int>("LEVEL") { Description = "The level; status shows the one that holds" };
        var command = new Command("raise", "Raise the format level of the space, for good: older versions then wait until they are updated") { level };
        command.SetAction((parse, cancellationToken) =>
            Writes.CommitAsync(globals, parse, [new Mutation.RaiseLevel(parse.GetValue(level))], cancellationToken));
        return command;
    }
}
