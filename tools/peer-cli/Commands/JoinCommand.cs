using System.CommandLine;
using Replica.Peer.Membership;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>join</c>: stores a ticket; the first connection with a member completes it.</summary>
internal static class JoinCommand
{
    // As long as the longest ticket, wrapped and indented by a mail program.
    private const int FileCharsMax = 2 * Ticket.TextCharsMax;

    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var ticket = new Argument<string?>("TICKET")
        {
            Description = "What 'replica invite' printed on a member's device; others on this computer can see it while the command runs",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var file = Globals.Text("--ticket-file", "FILE", "Read the ticket from a file, or from the input with '-'");
        var name = NewSpace.NameOption();
        var durability = NewSpace.DurabilityOption();
        var command = new Command("join", "Keep a ticket; the first connection with a member lets this device in") { ticket, file, name, durability };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var text = (parse.GetValue(ticket), parse.GetValue(file)) switch
            {
                ({ } given, null) => given,
                (null, "-") => await ReadAsync(Console.In, cancellationToken),
                (null, { } path) => await ReadFileAsync(path, cancellationToken),
                _ => throw new UsageException("Give the ticket once: as --ticket-file FILE, as --ticket-file - and the input, or as TICKET."),
            };
            var answer = await NewSpace.AddAsync(globals, parse, parse.GetValue(name), text, parse.GetValue(durability), cancellationToken);
            if (globals.IsJson(parse))
            {
                globals.Terminal.JsonLine(answer);
                return;
            }

            if (await FirstSync.ShowAsync(globals, parse, cancellationToken) is { } received)
            {
                globals.Terminal.Line($"the space {globals.SpaceOf(parse)} is joined: all {Words.Count(received, "change")} are here");
                return;
            }

            globals.Terminal.Line($"the ticket is kept for the space {globals.SpaceOf(parse)}: 'replica run' joins it at the first connection with a member");
        });
        return command;
    }

    private static async Task<string> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(path);
        return await ReadAsync(reader, cancellationToken);
    }

    /// <summary>Reads one character more than a ticket may have: a longer file is then refused as none.</summary>
    private static async Task<string> ReadAsync(TextReader reader, CancellationToken cancellationToken)
    {
        var buffer = new char[FileCharsMax + 1];
        var length = await reader.ReadBlockAsync(buffer, cancellationToken);
        var text = new string(buffer, 0, length);
        Array.Clear(buffer);
        return text;
    }
}
