using System.Text;
using System.Text.Json;
using Replica.Peer.Membership;
using Replica.Tests.EndToEnd.Processes;
using Replica.Transport.Crypto;
using Xunit;

namespace Replica.Tests.EndToEnd.Security;

/// <summary>What can't be seen: on the wire, in logs, in files.</summary>
public sealed class SecrecyTests
{
    private const string Value = "canary-value-51c3";
    private const string Node = "canary-node-51c3";
    private const string Name = "canary-name-51c3";

    [Fact]
    public async Task I1_I4_neither_a_tap_nor_the_most_talkative_log_shows_a_key_a_ticket_or_a_value()
    {
        using var home = new TemporaryHome();
        using var other = new TemporaryHome();
        _ = await home.DoAsync("init", "--name", Name);
        _ = await home.DoAsync("put", Node, "field=" + Value);
        await using var tap = new Tap();
        var ticket = (await home.DoAsync("invite", "--hint", tap.Address)).Trim();
        await using var first = await Daemon.StartAsync(home, "--listen", "tcp://127.0.0.1:0", "--log", "trace");
        tap.Target = new Uri(first.Listening[0]).Port;
        var joined = await other.DoAsync("join", "--ticket-file", other.Write("ticket.txt", ticket), "--name", Name);
        await using var second = await Daemon.StartAsync(other, "--connect", tap.Address, "--log", "trace", "--log-format", "json");
        _ = await Eventually.TrueAsync(() => other.DoAsync("ls"), static text => text.Contains(Node, StringComparison.Ordinal));
        _ = await other.DoAsync("put", Node, "field=" + Value, "more=" + Value);
        _ = await Eventually.TrueAsync(() => home.DoAsync("state"), static text => text.Contains("more", StringComparison.Ordinal));
        using var parsed = Ticket.Parse(ticket);
        using var thief = new TemporaryHome();
        _ = await thief.RunAsync("join", "--ticket-file", thief.Write("ticket.txt", ticket[..^2]));
        var status = JsonDocument.Parse(await home.DoAsync("status", "--json")).RootElement;
        var secrets = Secrets(home, other, parsed);

        var output = $"{first.Log}\n{second.Log}\n{joined}\n{status}\n{await home.DoAsync("members")}\n{await home.DoAsync("invite", "--list")}";
        foreach (var (what, text) in secrets.SelectMany(static one => Forms(one.What, one.Bytes)).Append(("ticket", ticket[8..40])))
        {
            Assert.False(output.Contains(text, StringComparison.OrdinalIgnoreCase), $"{what} is in a log or an answer.");
        }

        foreach (var text in (string[])[Value, Node])
        {
            Assert.DoesNotContain(text, first.Log + second.Log);
        }

        var open = secrets.Append(("device", Convert.FromHexString(status.GetProperty("device").GetString()!)))
            .Append(("space", parsed.Space.ToArray())).Append(("invitation", parsed.Invitation.Key.ToArray()))
            .Concat(((string[])[Value, Node, Name, "field", "replica/head"]).Select(static text => (text, Encoding.UTF8.GetBytes(text)))).ToArray();
        Assert.Contains(tap.Captured(), static pair => pair.Up.Length + pair.Down.Length > 1000);
        foreach (var (up, down) in tap.Captured().Where(static pair => pair.Up.Length > 44))
        {
            Assert.Equal([.. "replica/1\n"u8, 0, 32], up[..12]);
            foreach (var (what, bytes) in open)
            {
                Assert.True(up.AsSpan().IndexOf(bytes) < 0 && down.AsSpan().IndexOf(bytes) < 0, $"{what} is on the wire.");
                var hex = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes));
                Assert.True(up.AsSpan().IndexOf(hex) < 0 && down.AsSpan().IndexOf(hex) < 0, $"{what} is on the wire in hex.");
            }
        }
    }

    [Fact]
    public async Task I5_keys_are_the_owners_alone_under_any_umask_and_refused_when_others_can_read_them()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var home = new TemporaryHome();
        var shell = await ReplicaProcess.RunUnderUmaskAsync("000", ["--dir", home.Path, "init"]);
        Assert.True(shell.Code == 0, shell.Error);
        var keys = Path.Combine(home.Path, "keys");
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(owner | UnixFileMode.UserExecute, File.GetUnixFileMode(keys));
        foreach (var file in Directory.GetFiles(keys))
        {
            Assert.Equal(owner, File.GetUnixFileMode(file));
        }

        Assert.Equal(owner | UnixFileMode.UserExecute, File.GetUnixFileMode(home.Path));

        foreach (var path in Directory.GetFiles(keys).Append(keys))
        {
            var mode = File.GetUnixFileMode(path);
            File.SetUnixFileMode(path, mode | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            var refused = await home.RunAsync("ls");
            File.SetUnixFileMode(path, mode);

            Assert.Equal(1, refused.Code);
            Assert.Contains("REPLICA_KEY_EXPOSED", refused.Error);
            Assert.Contains("chmod", refused.Error);
        }

        Assert.Equal("", await home.DoAsync("ls"));
    }

    private static (string What, byte[] Bytes)[] Secrets(TemporaryHome home, TemporaryHome other, Ticket ticket)
    {
        var seed = new byte[DeviceKeyPair.SeedSizeBytes];
        ticket.Invitation.ExportSeed(seed);
        return
        [
            ("invitation seed", seed),
            .. ((TemporaryHome[])[home, other]).SelectMany(static one => Directory.GetFiles(Path.Combine(one.Path, "keys")))
                .Select(static file => (Path.GetFileName(file), File.ReadAllBytes(file)[^32..])),
        ];
    }

    private static IEnumerable<(string What, string Text)> Forms(string what, byte[] bytes) =>
        [(what, Convert.ToHexString(bytes)), (what, Convert.ToBase64String(bytes)[..40]), (what, string.Join(", ", bytes.Take(8)))];
}
