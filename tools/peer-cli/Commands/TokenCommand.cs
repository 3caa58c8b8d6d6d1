using System.CommandLine;
using System.Text.Json;
using Replica.PeerCli.Control;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>token renew</c>: draws a new token for the API over TCP, in a running daemon too.</summary>
internal static class TokenCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var renew = new Command("renew", "Draw a new token; a running daemon refuses the old one from then on, and ends what it let in");
        renew.SetAction(async (parse, cancellationToken) =>
        {
            await using var home = await globals.OpenAsync(parse, cancellationToken);
            var answer = await home.Client.PostAsync("/v1/token/renew", default, cancellationToken);
            if (globals.IsJson(parse))
            {
                globals.Terminal.JsonLine(answer);
                return;
            }

            using var document = JsonDocument.Parse(answer);
            var file = SafeText.Of(Words.Path(Answer.Text(document.RootElement, "file")));
            globals.Terminal.Line($"the token in {file} is new; the old one is refused from now on");
        });
        return new("token", "The token that programs show to use the API over TCP") { renew };
    }
}
