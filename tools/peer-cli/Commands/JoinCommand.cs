using System.CommandLine;

namespace Replica.PeerCli.Commands;

/// <summary><c>join TICKET</c>: stores a ticket; the first connection with a member completes it.</summary>
internal static class JoinCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var ticket = Globals.Due("TICKET", "What 'replica invite' printed on a member's device");
        var name = NewSpace.NameOption();
        var durability = NewSpace.DurabilityOption();
        var command = new Command("join", "Keep a ticket; the first connection with a member lets this device in") { ticket, name, durability };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var answer = await NewSpace.AddAsync(
                globals, parse, parse.GetValue(name), parse.GetValue(ticket), parse.GetValue(durability), cancellationToken);
            if (globals.IsJson(parse))
            {
                globals.Terminal.JsonLine(answer);
                return;
            }

            globals.Terminal.Line($"the ticket is kept for the space {globals.SpaceOf(parse)}; "
                + "joined at the first connection with a member: replica run --connect tcp://HOST:PORT");
        });
        return command;
    }
}
