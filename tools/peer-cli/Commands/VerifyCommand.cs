using System.CommandLine;
using System.Text.Json;
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
            await using var home = await globals.OpenAsync(parse, cancellationToken);
            var space = parse.GetValue(name) ?? globals.SpaceOf(parse);
            var damages = 0L;
            await WorkProgress.RunAsync(globals.Terminal, static perSecond => $"{perSecond:N0}/s", progress => Work.FollowAsync(
                home.Client.PostLinesAsync(Paths.Of(space, "verifications"), default, cancellationToken),
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
