using System.CommandLine;
using Replica.Peer.Host;
using Replica.Peer.Membership;
using Replica.PeerCli.Control;
using Replica.PeerCli.Input;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>restore FILE DIR</c>: verifies a backup and makes a home of it.</summary>
internal static class RestoreCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var file = Globals.Due("FILE", "The backup");
        var directory = Globals.Due("DIR", "The home to make: a directory that is missing or empty");
        var withoutKeys = new Option<bool>("--without-keys")
        {
            Description = "Leave sealed keys out: the home can be read, and needs a ticket to write and sync",
        };
        var passphrase = BackupCommand.PassphraseOption();
        var command = new Command("restore", "Verify a backup and make a home of it") { file, directory, withoutKeys, passphrase };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var isWithout = parse.GetValue(withoutKeys);
            if (isWithout && parse.GetValue(passphrase) is not null)
            {
                throw new UsageException("--without-keys and --passphrase-file exclude each other.");
            }

            var options = new RestoreOptions
            {
                File = Path.GetFullPath(parse.GetValue(file)!),
                Directory = Path.GetFullPath(parse.GetValue(directory)!),
                Space = globals.SpaceOf(parse),
                IsWithoutKeys = isWithout,
                Holder = "replica restore",
            };
            using var secret = isWithout ? null : await ReadPassphraseAsync(globals, parse.GetValue(passphrase), options.File, cancellationToken);
            await LocalWork.RunAsync(
                globals, parse, WorkProgress.Bytes, HomeRestore.RunAsync(options with { Passphrase = secret }, cancellationToken),
                item => IntegrityText.Restored(item.Value, options.Directory));
        });
        return command;
    }

    private static async Task<Passphrase?> ReadPassphraseAsync(Globals globals, string? file, string backup, CancellationToken cancellationToken)
    {
        if (file is null && !HomeRestore.HasKeys(backup))
        {
            return null;
        }

        var text = await PassphraseInput.ReadAsync(file, globals.Terminal, isNew: false, cancellationToken);
        try
        {
            return Passphrase.FromText(text);
        }
        catch (MembershipException bad)
        {
            throw new ReplicaException(bad.Code, bad.Message, bad);
        }
        finally
        {
            PassphraseInput.Wipe(text);
        }
    }
}
