using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Replica.PeerCli.Control;
using Replica.PeerCli.Input;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>invite</c>: makes a ticket that lets a device in, lists what was made, or takes one back.</summary>
internal static class InviteCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var role = new Option<string?>("--role") { Description = "What the device may do: reader, writer or admin; writer if not given" };
        _ = role.AcceptOnlyFromAmong("reader", "writer", "admin");
        var uses = Globals.Count("--uses", "How many devices may come in with it; 1 if not given");
        var expires = Globals.Text("--expires", "TIME", "How long it holds, such as 30m, 24h or 7d; 24h if not given");
        var hints = new Option<string[]>("--hint")
        {
            Description = "An address under which a member can be reached; may be given again",
            HelpName = "tcp://HOST:PORT",
        };
        var list = new Option<bool>("--list") { Description = "List the invitations that were made, and what became of them" };
        var cancel = Globals.Text("--cancel", "KEY", "Take an invitation back: its key as --list shows it, or the first digits");
        var code = new Option<bool>("--qr") { Description = "Draw the QR code also where the output is no screen" };
        var command = new Command("invite", "Make a ticket that lets a device into the space") { role, uses, expires, hints, list, cancel, code };
        command.SetAction((parse, cancellationToken) =>
        {
            var isMaking = new Option[] { role, uses, expires, hints, code }.Any(option => parse.GetResult(option) is { Implicit: false });
            var taken = parse.GetValue(cancel);
            if ((parse.GetValue(list) ? 1 : 0) + (taken is null ? 0 : 1) + (isMaking ? 1 : 0) > 1)
            {
                throw new UsageException("--list and --cancel stand alone: they make no invitation.");
            }

            return parse.GetValue(list)
                ? Lists.ShowTableAsync(
                    globals, parse, Paths.Of(globals.SpaceOf(parse), "invitations"), MemberText.Invitation,
                    ["INVITATION", "STATE", "ROLE", "USED", "UNTIL", "LET IN"], MemberText.InvitationCells, cancellationToken)
                : taken is not null
                    ? MemberChange.PostAsync(
                        globals, parse, "invitations/cancel", new() { ["invitation"] = taken }, "invitation", "cancelled", cancellationToken)
                    : MakeAsync(globals, parse, new()
                    {
                        ["role"] = parse.GetValue(role) ?? "writer",
                        ["uses"] = parse.GetValue(uses) ?? 1,
                        ["expiresSeconds"] = Duration.Seconds(parse.GetValue(expires) ?? "24h", "--expires"),
                        ["hints"] = new JsonArray([.. (parse.GetValue(hints) ?? []).Select(static hint => (JsonNode)hint)]),
                    }, parse.GetValue(code), cancellationToken);
        });
        return command;
    }

    private static async Task MakeAsync(
        Globals globals, ParseResult parse, JsonObject wish, bool isCodeWished, CancellationToken cancellationToken)
    {
        await using var home = await globals.OpenAsync(parse, cancellationToken);
        var body = Encoding.UTF8.GetBytes(wish.ToJsonString());
        var answer = await home.Client.PostAsync(Paths.Of(globals.SpaceOf(parse), "invitations"), body, cancellationToken);
        if (globals.IsJson(parse))
        {
            globals.Terminal.JsonLine(answer);
            return;
        }

        using var document = JsonDocument.Parse(answer);
        var ticket = Answer.Text(document.RootElement, "ticket");
        globals.Terminal.Line(ticket);
        if (isCodeWished || globals.Terminal.OutputIsScreen)
        {
            globals.Terminal.Code(ticket.ToUpperInvariant());
        }

        globals.Terminal.Remark("who holds this ticket gets in: send it over a channel you trust; there: replica --dir DIR join --ticket-file FILE");
        globals.Terminal.Remark($"to take it back: replica invite --cancel {MemberText.Short(Answer.Text(document.RootElement, "invitation"))}");
    }
}
