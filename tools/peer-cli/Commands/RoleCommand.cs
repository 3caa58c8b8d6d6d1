using System.CommandLine;

namespace Replica.PeerCli.Commands;

/// <summary><c>promote</c> and <c>demote</c>: change what a device may do.</summary>
internal static class RoleCommand
{
    /// <summary>Makes <c>promote</c>.</summary>
    public static Command Promote(Globals globals) => Create(
        globals, "promote", "Give a device a greater role", ["writer", "admin"], "writer", remark: null);

    /// <summary>Makes <c>demote</c>.</summary>
    public static Command Demote(Globals globals) => Create(
        globals, "demote", "Give a device a lesser role; what it writes before it hears of it still counts", ["reader", "writer"], "reader",
        "it goes on to receive the space, and what it writes before it hears of this stays and counts everywhere: "
        + "the format can't cut a device off yet");

    private static Command Create(
        Globals globals, string name, string description, string[] roles, string usual, string? remark)
    {
        var device = Globals.Due("DEVICE", "Its key as 'members' shows it, or the first digits");
        var role = new Option<string>("--role")
        {
            Description = $"The role it is to have; {usual} if not given",
            DefaultValueFactory = _ => usual,
        };
        _ = role.AcceptOnlyFromAmong(roles);
        var command = new Command(name, description) { device, role };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var wished = parse.GetValue(role)!;
            await MemberChange.PostAsync(
                globals, parse, "members/" + name, new() { ["device"] = parse.GetValue(device), ["role"] = wished }, "device", wished, cancellationToken);
            if (remark is not null)
            {
                globals.Terminal.Remark(remark);
            }
        });
        return command;
    }
}
