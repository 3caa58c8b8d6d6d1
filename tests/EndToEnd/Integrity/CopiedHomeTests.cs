using System.Diagnostics;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Integrity;

/// <summary>A home that was copied as a directory, and a process that was killed, as processes.</summary>
public sealed class CopiedHomeTests
{
    [Fact]
    public async Task F13_both_copies_of_a_home_write_converge_and_report_and_one_gets_a_key_of_its_own()
    {
        using var home = await TemporaryHome.CreateAsync();
        _ = await home.DoAsync("put", "shared", "x=1");
        using var other = new TemporaryHome();
        await CopyAsync(home.Path, other.Path);

        _ = await home.DoAsync("put", "by-first", "x=1");
        _ = await other.DoAsync("put", "by-second", "x=1");
        Assert.Contains("goes on in a new log", await other.DoAsync("status"));
        Assert.Contains("\"reason\":\"otherFile\"", await other.DoAsync("status", "--json"));
        Assert.DoesNotContain("goes on in a new log", await home.DoAsync("status"));
        Assert.Contains("REPLICA_LOG_NEW", await other.DoAsync("doctor"));

        await using (var first = await Daemon.StartAsync(home, "--listen", "tcp://127.0.0.1:0"))
        {
            await using (var second = await Daemon.StartAsync(other, "--connect", first.Listening[0]))
            {
                _ = await second.LogWithAsync("is open with");
                _ = await home.DoAsync("put", "by-first", "x=2");
                _ = await other.DoAsync("put", "by-second", "x=2");
                await Eventually.EqualAsync(home, other, "by-first", "by-second");
                Assert.Contains("REPLICA_IDENTITY_SHARED", await home.DoAsync("status"));
                Assert.Contains("REPLICA_IDENTITY_SHARED", await home.DoAsync("doctor"));
                Assert.Contains("replica identity renew", await other.DoAsync("status"));
                Assert.Contains("REPLICA_LOCKED", (await other.RunAsync("identity", "renew")).Error);
                Assert.DoesNotContain("is forked", await home.DoAsync("status"));
            }

            // The copy becomes a device of its own: it keeps all it has, and asks for a ticket.
            Assert.Contains("can be read", await other.DoAsync("identity", "renew"));
            Assert.Contains("by-second", await other.DoAsync("state"));
            Assert.Contains("REPLICA_NOT_ADMITTED", (await other.RunAsync("put", "too-early", "x=1")).Error);
            Assert.Contains("replica join TICKET", await other.DoAsync("status"));
            _ = await other.DoAsync("join", (await home.DoAsync("invite")).Trim());
            await using var renewed = await Daemon.StartAsync(other, "--connect", first.Listening[0]);
            await Eventually.DoAsync(other, "put", "by-new-device", "x=1");
            await Eventually.EqualAsync(home, other, "by-new-device");
            Assert.DoesNotContain("REPLICA_IDENTITY_SHARED", await other.DoAsync("status"));
        }

        Assert.Contains("ok: ", await home.DoAsync("verify"));
        Assert.Contains("ok: ", await other.DoAsync("verify"));
    }

    [Fact]
    public async Task F13_a_daemon_that_is_killed_goes_on_with_its_log()
    {
        using var home = await TemporaryHome.CreateAsync();
        await using (var daemon = await Daemon.StartAsync(home))
        {
            _ = await home.DoAsync("put", "a", "x=1");
            Process.GetProcessById(daemon.Id).Kill();
        }

        _ = await home.DoAsync("put", "a", "x=2");

        var status = await home.DoAsync("status", "--json");
        Assert.Equal(2, status.Split("\"log\":").Length);
        Assert.DoesNotContain("\"incarnation\"", status);
    }

    [Fact]
    public async Task F13_an_older_state_of_the_file_put_back_after_it_was_sent_gets_its_changes_back_and_goes_on_in_a_new_log()
    {
        using var home = await TemporaryHome.CreateAsync();
        _ = await home.DoAsync("put", "a", "x=1");
        using var other = new TemporaryHome();
        _ = await other.DoAsync("join", (await home.DoAsync("invite")).Trim());
        var backup = System.IO.Path.Combine(home.Root, "yesterday");
        await using (var first = await Daemon.StartAsync(home, "--listen", "tcp://127.0.0.1:0"))
        {
            await using var second = await Daemon.StartAsync(other, "--connect", first.Listening[0]);
            await Eventually.DoAsync(other, "put", "b", "x=1");
            await Eventually.EqualAsync(home, other, "\"b\"");
            await CopyAsync(home.Path, backup);
            _ = await home.DoAsync("put", "a", "x=2");
            await Eventually.EqualAsync(home, other, "\"x\":2");
        }

        foreach (var file in Directory.GetFiles(home.Path, "main.db*"))
        {
            File.Delete(file);
        }

        foreach (var file in Directory.GetFiles(backup, "main.db*"))
        {
            File.Copy(file, System.IO.Path.Combine(home.Path, System.IO.Path.GetFileName(file)));
        }

        await using var listening = await Daemon.StartAsync(other, "--listen", "tcp://127.0.0.1:0");
        await using var restored = await Daemon.StartAsync(home, "--connect", listening.Listening[0]);
        _ = await home.DoAsync("put", "c", "x=3");

        // The first write waited for the peer, so what was lost came back before it, and nothing is forked.
        Assert.Contains("\"x\":2", await home.DoAsync("state"));
        await Eventually.EqualAsync(home, other, "\"c\"", "\"x\":2");
        Assert.DoesNotContain("is forked", await other.DoAsync("status"));
        Assert.Contains("goes on in a new log", await home.DoAsync("status"));
    }

    /// <summary>As <c>cp -a</c> does.</summary>
    private static async Task CopyAsync(string from, string to)
    {
        using var copy = Process.Start("cp", ["-a", from, to]);
        await copy.WaitForExitAsync();
        Assert.Equal(0, copy.ExitCode);
        File.Delete(System.IO.Path.Combine(to, "control.sock"));
    }
}
