using System.CommandLine;
using Replica.Peer.Host;
using Replica.Testing.Encodings;

namespace Replica.PeerCli.Commands;

/// <summary><c>dev msgpack FILE</c>: shows which bytes the format takes for a value, and why it refuses the others.</summary>
internal static class MsgpackCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var file = Globals.Due("FILE", "Lines of hex, or JSON with 'cases' of 'hex' or 'repeat', or with lists of 'msgpack' encodings");
        var command = new Command("msgpack", "Decode inputs as values and print a line of JSON for each") { file };
        command.SetAction(async (parse, cancellationToken) =>
        {
            try
            {
                foreach (var one in EncodingCaseFile.Read(await File.ReadAllBytesAsync(parse.GetValue(file)!, cancellationToken)))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    globals.Terminal.JsonLine(one.Judge());
                }
            }
            catch (Exception fault) when (fault is EncodingCaseException or InvalidOperationException or KeyNotFoundException)
            {
                throw new ReplicaException("REPLICA_INPUT_UNREADABLE", $"{parse.GetValue(file)}: {fault.Message}");
            }

            await globals.Terminal.FlushAsync();
        });
        return command;
    }
}
