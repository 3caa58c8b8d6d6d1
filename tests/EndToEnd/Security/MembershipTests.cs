using System.Text.Json;
using Replica.Peer.Membership;
using Replica.Tests.EndToEnd.Processes;
using Xunit;

namespace Replica.Tests.EndToEnd.Security;

/// <summary>Who comes in, by what, and what remains of a ticket.</summary>
public sealed class MembershipTests
{
    [Fact]
    public async Task A_ticket_lets_a_device_in_and_is_worthless_afterwards()
    {
        using var home = await TemporaryHome.CreateAsync();
        using var other = new TemporaryHome();
        await using var daemon = await Daemon.StartAsync(home, "--listen", "tcp://127.0.0.1:0");
        var ticket = (await home.DoAsync("invite")).Trim();
        var file = other.Write("ticket.txt", $"\n  {ticket[..100]}\n  {ticket[100..]}\n");
        _ = await other.DoAsync("join", "--ticket-file", file, "--name", "phone");
        File.Delete(file);

        await using var joiner = await Daemon.StartAsync(other);
        _ = await joiner.LogWithAsync("Joined space");

        Assert.False(File.Exists(Path.Combine(other.Path, "keys", "main.ticket")));
        Assert.All(Canary.Find(other.Root, ticket[20..60]), static found => Assert.Fail($"The ticket is still in {found}."));
        var members = await MembersAsync(home, due: 2);
        Assert.Equal("phone", members[1].GetProperty("name").GetString());
        Assert.Equal("writer", members[1].GetProperty("role").GetString());
        Assert.Contains("used-up", await home.DoAsync("invite", "--list"));

        _ = await other.DoAsync("--space", "again", "init");
        using var thief = new TemporaryHome();
        await RefusedAsync(thief, ticket, daemon.Listening[0], "REPLICA_TICKET_USED_UP");
    }

    [Fact]
    public async Task Each_worthless_ticket_has_its_own_error()
    {
        using var home = await TemporaryHome.CreateAsync();
        await using var daemon = await Daemon.StartAsync(home, "--listen", "tcp://127.0.0.1:0");
        var expired = (await home.DoAsync("invite", "--expires", "1s")).Trim();
        var cancelled = (await home.DoAsync("invite")).Trim();
        var key = await InvitationAsync(home, static one => one.GetProperty("state").GetString() == "open");
        Assert.Contains("is cancelled: change", await home.DoAsync("invite", "--cancel", key[..8]));
        Assert.Contains("is cancelled already", await home.DoAsync("invite", "--cancel", key));
        using var foreign = await TemporaryHome.CreateAsync();
        var elsewhere = (await foreign.DoAsync("invite", "--hint", daemon.Listening[0])).Trim();
        _ = await InvitationAsync(home, static one => one.GetProperty("state").GetString() == "expired");

        foreach (var (ticket, code) in ((string, string)[])[
            (expired, "REPLICA_TICKET_EXPIRED"), (cancelled, "REPLICA_TICKET_CANCELLED"),
            (elsewhere, "REPLICA_TICKET_UNKNOWN"), (Forged(cancelled), "REPLICA_TICKET_FORGED")])
        {
            using var joiner = new TemporaryHome();
            await RefusedAsync(joiner, ticket, daemon.Listening[0], code);
        }

        using var nowhere = new TemporaryHome();
        foreach (var (ticket, code) in ((string, string)[])[
            ("replica1" + new string('a', 200), "REPLICA_TICKET_DAMAGED"), (expired[..^1] + (expired[^1] == 'a' ? 'q' : 'a'), "REPLICA_TICKET_DAMAGED"),
            ("replica2abc", "REPLICA_TICKET_NEWER"), ("a ticket", "REPLICA_TICKET_FOREIGN"), ("", "REPLICA_TICKET_FOREIGN")])
        {
            var outcome = await nowhere.RunAsync("join", "--ticket-file", nowhere.Write("ticket.txt", ticket));

            Assert.Equal(1, outcome.Code);
            Assert.Contains(code, outcome.Error);
            Assert.False(Directory.Exists(nowhere.Path));
        }

        Assert.Equal(2, (await home.RunAsync("invite", "--uses", "0")).Code);
    }

    /// <summary>A ticket that names the space and the inviter of a true one, and an invitation that nobody made.</summary>
    private static string Forged(string ticket)
    {
        using var pattern = Ticket.Parse(ticket);
        using var secret = SpaceSecret.Create();
        using var forged = Ticket.Create(pattern.Space, secret, Invitation.Create(), pattern.Inviter, pattern.Hints);
        return forged.ToText();
    }

    [Fact]
    public async Task A_writer_lets_a_newcomer_in_while_the_inviter_is_away_and_over_use_is_shown()
    {
        using var first = await TemporaryHome.CreateAsync();
        using var second = new TemporaryHome();
        var forSecond = (await first.DoAsync("invite")).Trim();
        var once = (await first.DoAsync("invite")).Trim();
        string address;
        await using (var daemon = await Daemon.StartAsync(first, "--listen", "tcp://127.0.0.1:0"))
        {
            address = daemon.Listening[0];
            _ = await second.DoAsync("join", forSecond);
            await using var joiner = await Daemon.StartAsync(second, "--connect", address);
            _ = await MembersAsync(second, due: 2);
            _ = await daemon.StopAsync();
        }

        // Each of the two takes the one use for free: they can't see each other.
        foreach (var sponsor in (TemporaryHome[])[second, first])
        {
            using var newcomer = new TemporaryHome();
            await using var daemon = await Daemon.StartAsync(sponsor, "--listen", "tcp://127.0.0.1:0");
            _ = await newcomer.DoAsync("join", once);
            await using var joiner = await Daemon.StartAsync(newcomer, "--connect", daemon.Listening[0]);
            _ = await joiner.LogWithAsync("Joined space");
            _ = await daemon.StopAsync();
        }

        await using var here = await Daemon.StartAsync(first, "--listen", "tcp://127.0.0.1:0");
        await using var there = await Daemon.StartAsync(second, "--connect", here.Listening[0]);
        var members = await MembersAsync(first, due: 4);

        Assert.Equal(2, members.Count(static member => member.TryGetProperty("surplus", out var surplus) && surplus.GetBoolean()));
        Assert.Contains("over-used", await first.DoAsync("invite", "--list"));
        Assert.Contains("more devices than it may", await first.DoAsync("members"));
    }

    [Fact]
    public async Task Roles_can_be_changed_and_bind_what_has_heard_of_it()
    {
        using var home = await TemporaryHome.CreateAsync();
        using var other = new TemporaryHome();
        await using var daemon = await Daemon.StartAsync(home, "--listen", "tcp://127.0.0.1:0");
        _ = await other.DoAsync("join", (await home.DoAsync("invite", "--role", "reader")).Trim());
        await using var joiner = await Daemon.StartAsync(other);
        var device = (await MembersAsync(other, due: 2)).Single(static member => member.GetProperty("own").GetBoolean())
            .GetProperty("device").GetString()!;
        Assert.Contains("REPLICA_NOT_ADMITTED", (await other.RunAsync("put", "a")).Error);
        Assert.Contains("REPLICA_INVALID", (await home.RunAsync("demote", device, "--role", "writer")).Error);

        _ = await home.DoAsync("promote", device[..12]);
        await RoleAsync(other, device, "writer");
        _ = await other.DoAsync("put", "a");
        Assert.Contains("REPLICA_NOT_ADMIN", (await other.RunAsync("invite")).Error);
        Assert.Contains("REPLICA_NOT_ADMIN", (await other.RunAsync("promote", device, "--role", "admin")).Error);
        _ = await home.DoAsync("demote", device);
        await RoleAsync(other, device, "reader");

        Assert.Contains("REPLICA_NOT_ADMITTED", (await other.RunAsync("put", "b")).Error);
        Assert.Contains("REPLICA_LAST_ADMIN", (await home.RunAsync(
            "demote", (await MembersAsync(home, 2))[0].GetProperty("device").GetString()!)).Error);
    }

    private static async Task RefusedAsync(TemporaryHome joiner, string ticket, string address, string code)
    {
        _ = await joiner.DoAsync("join", "--ticket-file", joiner.Write("ticket.txt", ticket));
        await using var daemon = await Daemon.StartAsync(joiner, "--connect", address);
        var status = await Eventually.TrueAsync(() => joiner.DoAsync("status", "--json"),
            static text => text.Contains("joinFailure", StringComparison.Ordinal));
        Assert.Contains(code, status);
    }

    private static async Task RoleAsync(TemporaryHome home, string device, string role) => _ = await Eventually.TrueAsync(
        () => home.DoAsync("members", "--json"),
        text => text.Split('\n').Any(line => line.Contains(device, StringComparison.Ordinal) && line.Contains($"\"{role}\"", StringComparison.Ordinal)));

    private static async Task<JsonElement[]> MembersAsync(TemporaryHome home, int due)
    {
        var text = await Eventually.TrueAsync(
            () => home.DoAsync("members", "--json"), lines => lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length >= due);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)];
    }

    private static async Task<string> InvitationAsync(TemporaryHome home, Func<JsonElement, bool> isDue)
    {
        JsonElement[] found = [];
        _ = await Eventually.TrueAsync(() => home.DoAsync("invite", "--list", "--json"), text =>
        {
            found = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement).Where(isDue)];
            return found.Length > 0;
        });
        return found.Single(one => found.Length == 1 || one.GetProperty("expires").GetDateTime() == found.Max(
            static other => other.GetProperty("expires").GetDateTime())).GetProperty("invitation").GetString()!;
    }
}
