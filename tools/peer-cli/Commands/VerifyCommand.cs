using System.CommandLine;
using System.Text.Json;
using Replica.Peer.Host;
using Replica.PeerCli.Control;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>verify</c>: checks every chain and signature, the state against the log, and the file.</summary>
internal static class VerifyCommand
{
    private const int Damaged = 1;

    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var name = new Argument<string?>("SPACE")
        {
            Description = "The space; the one of --space if not given",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("verify", "Check every signature, the state against the log, and the file; also while a daemon runs") { name };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var space = parse.GetValue(name) ?? globals.SpaceOf(parse);
            await using var home = await TryOpenAsync(globals, parse, cancellationToken);
            var lines = home is null
                ? LocalWork.LinesAsync(HomeRepair.VerifyAsync(
                    new HomeOptions { Directory = globals.Directory(parse, mayBeNew: false), Holder = "replica verify", MayBeReadOnly = true },
                    space,
                    cancellationToken))
                : home.Client.PostLinesAsync(Paths.Of(space, "verifications"), default, cancellationToken);
            var damages = 0L;
            await WorkProgress.RunAsync(globals.Terminal, static perSecond => $"{perSecond:N0}/s", progress => Work.FollowAsync(
                lines,
                progress,
                (line, item) =>
                {
                    damages += item.Name == "verified" ? Answer.Number(item.Value, "damages") : 0;
                    Show(globals, globals.IsJson(parse), line, item, space);
                }));
            return damages == 0 ? 0 : Damaged;
        });
        return command;
    }

    /// <summary>Opens the home; nothing if one of its files is too damaged for that.</summary>
    private static async Task<HomeConnection?> TryOpenAsync(Globals globals, ParseResult parse, CancellationToken cancellationToken)
    {
        try
        {
            return await globals.OpenAsync(parse, cancellationToken);
        }
        catch (ReplicaException fault) when (fault.Code is "REPLICA_CORRUPT" or "REPLICA_NOT_A_SPACE" or "REPLICA_WRONG_SECRET")
        {
            globals.Terminal.Remark($"{fault.Message} ({fault.Code})");
            return null;
        }
    }

    /// <summary>Shows a line of the answer.</summary>
    private static void Show(Globals globals, bool isJson, string line, JsonProperty item, string space)
    {
        if (isJson)
        {
            globals.Terminal.JsonLine(line);
            return;
        }

        globals.Terminal.Line(item.Name == "damage" ? IntegrityText.Damage(item.Value) : IntegrityText.Verified(item.Value, space));
    }
}
