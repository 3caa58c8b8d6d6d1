using System.Buffers;
using System.CommandLine;
using System.Text.Json;
using Replica.PeerCli.Control;
using Replica.PeerCli.Input;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>backup FILE</c>: saves a space into one file while it is in use.</summary>
internal static class BackupCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var file = Globals.Due("FILE", "The file to make; it must not be there yet");
        var withKeys = new Option<bool>("--with-keys") { Description = "Seal the device key and the space's secret into it, under a passphrase" };
        var passphrase = PassphraseOption();
        var command = new Command("backup", "Save the space into one file, also while a daemon runs") { file, withKeys, passphrase };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var isSealed = parse.GetValue(withKeys);
            if (!isSealed && parse.GetValue(passphrase) is not null)
            {
                throw new UsageException("--passphrase-file seals keys: add --with-keys, or leave it out.");
            }

            var secret = isSealed
                ? await PassphraseInput.ReadAsync(parse.GetValue(passphrase), globals.Terminal, isNew: true, cancellationToken)
                : null;
            var body = new ArrayBufferWriter<byte>();
            try
            {
                Write(body, Path.GetFullPath(parse.GetValue(file)!), secret);
                await using var home = await globals.OpenAsync(parse, cancellationToken);
                await RunAsync(globals, parse, home.Client.PostLinesAsync(
                    Paths.Of(globals.SpaceOf(parse), "backups"), body.WrittenMemory, cancellationToken));
            }
            finally
            {
                body.Clear();
                PassphraseInput.Wipe(secret ?? []);
            }
        });
        return command;
    }

    /// <summary>The option that names where a passphrase stands.</summary>
    public static Option<string?> PassphraseOption() =>
        Globals.Text("--passphrase-file", "FILE", "Read the passphrase from the first line of this file, - for the input; else it is asked for");

    private static Task RunAsync(Globals globals, ParseResult parse, IAsyncEnumerable<string> lines) => WorkProgress.RunAsync(
        globals.Terminal, WorkProgress.Bytes, progress => Work.FollowAsync(lines, progress, (line, item) =>
        {
            if (globals.IsJson(parse))
            {
                globals.Terminal.JsonLine(line);
            }
            else
            {
                globals.Terminal.Line(IntegrityText.Saved(item.Value));
            }
        }));

    private static void Write(ArrayBufferWriter<byte> body, string file, char[]? secret)
    {
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteString("file", file);
        if (secret is not null)
        {
            json.WriteString("passphrase", secret);
        }

        json.WriteEndObject();
    }
}
