using System.CommandLine;

namespace Replica.PeerCli.Commands;

/// <summary><c>pause</c> and <c>resume</c>: stop and start all peer connections of a running daemon.</summary>
internal static class NetworkCommand
{
    /// <summary>Makes one of the two.</summary>
    public static Command Create(Globals globals, string name, string description)
    {
        var command = new Command(name, description);
        command.SetAction(async (parse, cancellationToken) =>
        {
            await using var home = await globals.OpenAsync(parse, cancellationToken);
            if (home.IsOwn)
            {
                throw new Peer.Host.ReplicaException(
                    "REPLICA_NO_DAEMON", "No daemon runs on this home, so there is nothing to " + name + ": start one with 'replica run'.");
            }

            _ = await home.Client.PostAsync("/v1/network/" + name, default, cancellationToken);
        });
        return command;
    }
}
