using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Terminals;

/// <summary>A passphrase that is asked for on a terminal.</summary>
public sealed class PassphraseTests
{
    private const string Secret = "correct horse battery";
    private const string Well = "echo icanon isig";

    [TerminalFact]
    public async Task What_is_typed_is_not_shown_opens_the_backup_again_and_a_wrong_one_is_named()
    {
        using var home = await TemporaryHome.CreateAsync();
        _ = await home.DoAsync("put", "page/home");
        var file = Path.Combine(home.Root, "keys.backup");

        await using var backup = TerminalProcess.Start("--dir", home.Path, "backup", "--with-keys", file);
        _ = await backup.SeesAsync("Passphrase: ");
        // A slip of the finger, taken back.
        await backup.TypeAsync(Secret + "x\x7f\r");
        _ = await backup.SeesAsync("Once more: ");
        await backup.TypeAsync(Secret + "\r");
        Assert.Equal((0, Well), await backup.EndAsync());
        Assert.DoesNotContain("horse", backup.Seen);
        Assert.True(File.Exists(file));

        var wrong = await RestoreAsync(file, Path.Combine(home.Root, "wrong"), "correct horse bakery");
        Assert.Equal((1, Well), wrong.Outcome);
        Assert.Contains("(REPLICA_", wrong.Seen);
        Assert.Contains("passphrase", wrong.Seen[wrong.Seen.IndexOf("replica:", StringComparison.Ordinal)..]);
        Assert.False(Directory.Exists(Path.Combine(home.Root, "wrong")));

        var right = await RestoreAsync(file, Path.Combine(home.Root, "right"), Secret);
        Assert.Equal((0, Well), right.Outcome);
        Assert.Equal(0, (await ReplicaProcess.RunAsync(["--dir", Path.Combine(home.Root, "right"), "put", "page/more"])).Code);
    }

    [TerminalFact]
    public async Task Two_that_differ_are_refused_and_nothing_is_written()
    {
        using var home = await TemporaryHome.CreateAsync();
        var file = Path.Combine(home.Root, "keys.backup");

        await using var backup = TerminalProcess.Start("--dir", home.Path, "backup", "--with-keys", file);
        _ = await backup.SeesAsync("Passphrase: ");
        await backup.TypeAsync(Secret + "\r");
        _ = await backup.SeesAsync("Once more: ");
        await backup.TypeAsync(Secret + "!\r");

        Assert.Equal((2, Well), await backup.EndAsync());
        Assert.Contains("The two passphrases differ", backup.Seen);
        Assert.False(File.Exists(file));
    }

    [TerminalFact]
    public async Task Ctrl_C_at_the_question_ends_the_command_as_elsewhere_and_leaves_the_terminal_as_it_was()
    {
        using var home = await TemporaryHome.CreateAsync();
        var file = Path.Combine(home.Root, "keys.backup");

        await using var backup = TerminalProcess.Start("--dir", home.Path, "backup", "--with-keys", file);
        _ = await backup.SeesAsync("Passphrase: ");
        await backup.TypeAsync("half");
        await backup.TypeAsync(TerminalProcess.CtrlC);

        Assert.Equal((1, Well), await backup.EndAsync());
        Assert.Contains("(REPLICA_STOPPED)", backup.Seen);
        Assert.DoesNotContain("half", backup.Seen);
        Assert.False(File.Exists(file));
    }

    private static async Task<((int Code, string Modes) Outcome, string Seen)> RestoreAsync(string file, string directory, string passphrase)
    {
        await using var restore = TerminalProcess.Start("restore", file, directory);
        _ = await restore.SeesAsync("Passphrase: ");
        await restore.TypeAsync(passphrase + "\r");
        var outcome = await restore.EndAsync();
        Assert.DoesNotContain("horse", restore.Seen);
        return (outcome, restore.Seen);
    }
}
