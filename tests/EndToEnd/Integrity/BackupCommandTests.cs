using System.Text;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Integrity;

/// <summary><c>backup</c>, <c>restore</c> and <c>repair</c> as processes.</summary>
public sealed class BackupCommandTests
{
    [Fact]
    public async Task F13_a_backup_made_beside_a_daemon_can_be_read_elsewhere_and_needs_a_ticket_to_write()
    {
        using var home = await TemporaryHome.CreateAsync();
        _ = await home.DoAsync("put", "a", "x=1");
        var file = Path.Combine(home.Root, "saved");
        await using var daemon = await Daemon.StartAsync(home, "--listen", "tcp://127.0.0.1:0");
        Assert.Contains("the database alone", await home.DoAsync("backup", file));
        var again = await home.RunAsync("backup", file);
        Assert.Contains("REPLICA_FILE_EXISTS", again.Error);

        using var other = new TemporaryHome();
        Assert.Contains("needs a ticket", (await ReplicaProcess.RunAsync(["restore", file, other.Path])).Output);
        Assert.Contains("\"a\"", await other.DoAsync("state"));
        Assert.Contains("replica join TICKET", await other.DoAsync("status"));
        Assert.Contains("REPLICA_NOT_ADMITTED", (await other.RunAsync("put", "b")).Error);
        Assert.Contains("REPLICA_NOT_EMPTY", (await ReplicaProcess.RunAsync(["restore", file, other.Path])).Error);

        // The ticket makes a member of it, which syncs and writes.
        _ = await other.DoAsync("join", (await home.DoAsync("invite")).Trim());
        await using var second = await Daemon.StartAsync(other, "--connect", daemon.Listening[0]);
        _ = await second.LogWithAsync("is open with");
        await Eventually.DoAsync(other, "put", "b", "y=1");
        await Eventually.EqualAsync(home, other, "\"b\"");
    }

    [Fact]
    public async Task F13_with_its_keys_it_is_the_same_device_in_a_new_log()
    {
        using var home = await TemporaryHome.CreateAsync();
        _ = await home.DoAsync("put", "a", "x=1");
        var file = Path.Combine(home.Root, "saved");
        var passphrase = home.Write("passphrase", "correct horse\n");
        Assert.Contains("the keys under the passphrase", await home.DoAsync("backup", file, "--with-keys", "--passphrase-file", passphrase));
        using var other = new TemporaryHome();

        var wrong = await ReplicaProcess.RunAsync(["restore", file, other.Path, "--passphrase-file", other.Write("wrong", "battery staple")]);
        Assert.Contains("REPLICA_PASSPHRASE_WRONG", wrong.Error);
        Assert.False(Directory.Exists(other.Path));
        Assert.Equal(2, (await ReplicaProcess.RunAsync(["restore", file, other.Path])).Code);
        var done = await ReplicaProcess.RunAsync(["restore", file, other.Path, "--passphrase-file", passphrase]);

        Assert.Contains("the same device", done.Output);
        _ = await other.DoAsync("put", "b");
        var status = await other.DoAsync("status", "--json");
        Assert.Equal(2, status.Split("\"log\":").Length - 1);
        Assert.Contains("ok: ", await other.DoAsync("verify"));
    }

    [Fact]
    public async Task I6_a_backup_shows_values_as_documented_and_never_a_key()
    {
        using var home = await TemporaryHome.CreateAsync();
        _ = await home.DoAsync("put", "a", "canary=hummingbird");
        var file = Path.Combine(home.Root, "saved");
        _ = await home.DoAsync("backup", file, "--with-keys", "--passphrase-file", home.Write("passphrase", "correct horse"));

        foreach (var path in new[] { file, Path.Combine(home.Path, "main.db") })
        {
            var bytes = await File.ReadAllBytesAsync(path);
            Assert.NotEqual(-1, bytes.AsSpan().IndexOf("hummingbird"u8));
            Assert.Equal(-1, bytes.AsSpan().IndexOf("correct horse"u8));
            foreach (var key in Directory.GetFiles(Path.Combine(home.Path, "keys")))
            {
                var secret = await File.ReadAllBytesAsync(key);
                Assert.Equal(-1, bytes.AsSpan().IndexOf(secret.AsSpan(secret.Length - 32)));
            }
        }
    }

    [Fact]
    public async Task I7_what_is_deleted_or_overwritten_shows_nowhere_and_stays_in_the_log_as_documented()
    {
        using var home = await TemporaryHome.CreateAsync();
        _ = await home.DoAsync("put", "a", "note=hummingbird");
        _ = await home.DoAsync("delete", "a");

        Assert.DoesNotContain("hummingbird", await home.DoAsync("state"));
        Assert.DoesNotContain("hummingbird", await home.DoAsync("export"));
        var database = Path.Combine(home.Path, "main.db");
        Assert.Empty(HandEdit.Query(database, "SELECT data FROM nodes WHERE data LIKE '%hummingbird%'"));
        Assert.NotEmpty(HandEdit.Query(database, $"SELECT seq FROM changes WHERE instr(body, x'{Convert.ToHexString("hummingbird"u8)}')"));
        Assert.NotEqual(-1, Encoding.UTF8.GetString(await File.ReadAllBytesAsync(database)).IndexOf("hummingbird", StringComparison.Ordinal));
    }

    [Fact]
    public async Task F7_a_damaged_log_is_repaired_and_fetched_again_from_a_peer_with_what_this_device_wrote_itself()
    {
        using var home = await TemporaryHome.CreateAsync();
        using var other = new TemporaryHome();
        _ = await home.DoAsync("put", "a", "x=1");
        _ = await other.DoAsync("join", (await home.DoAsync("invite")).Trim());
        string address;
        await using (var first = await Daemon.StartAsync(home, "--listen", "tcp://127.0.0.1:0"))
        await using (var second = await Daemon.StartAsync(other, "--connect", address = first.Listening[0]))
        {
            _ = await second.LogWithAsync("is open with");
            await Eventually.DoAsync(other, "put", "b", "y=1");
            _ = await home.DoAsync("put", "c", "z=1");
            await Eventually.EqualAsync(home, other, "\"b\"", "\"c\"");
            Assert.Contains("REPLICA_LOCKED", (await home.RunAsync("repair")).Error);
            _ = await second.StopAsync();
            _ = await first.StopAsync();
        }

        HandEdit.Run(Path.Combine(home.Path, "main.db"), "UPDATE changes SET body = zeroblob(20) WHERE seq > 1 AND branch = 0");
        var damaged = await home.RunAsync("verify");
        Assert.Equal(1, damaged.Code);
        Assert.Contains("REPLICA_DAMAGED_CHANGE", damaged.Output);

        Assert.Contains("were cut off", await home.DoAsync("repair"));
        Assert.Contains("ok: ", await home.DoAsync("verify"));
        await using var healed = await Daemon.StartAsync(home, "--listen", address);
        await using var peer = await Daemon.StartAsync(other, "--connect", address);
        await Eventually.EqualAsync(home, other, "\"a\"", "\"b\"", "\"c\"");
        await Eventually.DoAsync(home, "put", "d");
        await Eventually.EqualAsync(home, other, "\"d\"");
        Assert.Contains("ok: ", await home.DoAsync("verify"));
        Assert.Contains("ok: ", await other.DoAsync("verify"));
    }
}
