using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Replica.PeerCli.Control;
using Replica.PeerCli.Input;

namespace Replica.PeerCli.Commands;

/// <summary><c>invite</c>: makes a ticket that lets a device in.</summary>
internal static class InviteCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var role = new Option<string>("--role")
        {
            Description = "What the device may do",
            DefaultValueFactory = static _ => "writer",
        };
        _ = role.AcceptOnlyFromAmong("reader", "writer", "admin");
        var uses = Globals.Count("--uses", "How many devices may come in with it; 1 if not given");
        var expires = Globals.Text("--expires", "TIME", "How long it holds, such as 30m, 24h or 7d; 24h if not given");
        var hints = new Option<string[]>("--hint")
        {
            Description = "An address under which a member can be reached; may be given again",
            HelpName = "tcp://HOST:PORT",
        };
        var command = new Command("invite", "Make a ticket that lets a device into the space") { role, uses, expires, hints };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var wish = new JsonObject
            {
                ["role"] = parse.GetValue(role),
                ["uses"] = parse.GetValue(uses) ?? 1,
                ["expiresSeconds"] = Duration.Seconds(parse.GetValue(expires) ?? "24h", "--expires"),
                ["hints"] = new JsonArray([.. (parse.GetValue(hints) ?? []).Select(static hint => (JsonNode)hint)]),
            };
            await using var home = await globals.OpenAsync(parse, cancellationToken);
            var body = System.Text.Encoding.UTF8.GetBytes(wish.ToJsonString());
            var answer = await home.Client.PostAsync(Paths.Of(globals.SpaceOf(parse), "invitations"), body, cancellationToken);
            if (globals.IsJson(parse))
            {
                globals.Terminal.JsonLine(answer);
                return;
            }

            using var document = JsonDocument.Parse(answer);
            globals.Terminal.Line(Answer.Text(document.RootElement, "ticket"));
            globals.Terminal.Remark("who holds this ticket gets in: send it over a channel you trust; there: replica --dir DIR join TICKET");
        });
        return command;
    }
}
