using System.CommandLine;
using Replica.Peer.Host;
using Replica.PeerCli.Control;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>repair</c>: builds a damaged space anew from what holds of its log.</summary>
internal static class RepairCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var name = new Argument<string?>("SPACE")
        {
            Description = "The space; the one of --space if not given",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("repair", "Build a damaged space anew from what holds of its log; stop the daemon first") { name };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var options = new HomeOptions { Directory = globals.Directory(parse, mayBeNew: false), Holder = "replica repair" };
            var space = parse.GetValue(name) ?? globals.SpaceOf(parse);
            await LocalWork.RunAsync(
                globals, parse, static perSecond => $"{perSecond:N0}/s", HomeRepair.RunAsync(options, space, cancellationToken),
                item => item.Name == "damage" ? "cut off: " + IntegrityText.Damage(item.Value) : IntegrityText.Repaired(item.Value));
        });
        return command;
    }
}
