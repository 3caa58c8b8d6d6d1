using System.CommandLine;
using Replica.PeerCli.Configuration;
using Replica.PeerCli.Daemon;

namespace Replica.PeerCli.Commands;

/// <summary><c>run</c>: the daemon. Serves the other commands and syncs with peers until it is told to stop.</summary>
internal static class RunCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var command = new Command("run", "Serve and sync until Ctrl-C");
        var options = new RunOptions();
        options.AddTo(command);
        command.SetAction((parse, cancellationToken) =>
        {
            var home = globals.Directory(parse, mayBeNew: false);
            var settings = new RunSettings(options.Read(parse, home));
            return new DaemonRun(globals.Terminal, home, settings, globals.IsJson(parse), globals.IsTraced(parse)).RunAsync(cancellationToken);
        });
        return command;
    }
}
