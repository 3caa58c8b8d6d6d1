using System.Text.Json;
using Replica.Tests.EndToEnd.Processes;
using Replica.Transport.Noise;
using Xunit;

namespace Replica.Tests.EndToEnd.Security;

/// <summary>A peer that is dialled by its device key, and who else may answer at its address.</summary>
public sealed class PinnedTests
{
    /// <summary>All that a dialler says before it knows who answered: the preface and message 1 with its length.</summary>
    private static readonly int s_greetingBytes = "replica/1\n".Length + 2 + HandshakeMachine.FirstBytes;

    [Fact]
    public async Task S2_another_device_than_the_dialled_one_gets_nothing_and_the_status_says_so()
    {
        using var home = await TemporaryHome.CreateAsync();
        using var other = await TemporaryHome.CreateAsync();
        using var joiner = new TemporaryHome();
        _ = await home.DoAsync("put", "a", "text=hello");
        await using var daemon = await Daemon.StartAsync(home, "--listen", "tcp://127.0.0.1:0");
        var ticket = await home.DoAsync("invite");
        _ = await joiner.DoAsync("join", "--ticket-file", joiner.Write("ticket.txt", ticket));
        await using var tap = new Tap { Target = new Uri(daemon.Listening[0]).Port };
        var place = tap.Address["tcp://".Length..];

        await using (await Daemon.StartAsync(joiner, "--connect", $"tcp://{await DeviceAsync(other)}@{place}"))
        {
            await Eventually.SaysAsync(() => joiner.DoAsync("status"), "was dialled");
            var status = await joiner.DoAsync("status");
            Assert.Contains(await DeviceAsync(home), status);
            Assert.Contains("nothing was sent", status);
        }

        Assert.All(tap.Captured(), stream => Assert.InRange(stream.Up.Length, 0, s_greetingBytes));
        Assert.Contains(tap.Captured(), static stream => stream.Up.Length == s_greetingBytes);
        await using var right = await Daemon.StartAsync(joiner, "--connect", $"tcp://{await DeviceAsync(home)}@{place}");
        await Eventually.HoldsAsync(joiner, "a", "hello");
    }

    [Fact]
    public async Task A_key_that_is_none_is_refused_with_what_belongs_there()
    {
        using var home = await TemporaryHome.CreateAsync();

        var outcome = await home.RunAsync("run", "--connect", "tcp://abc@127.0.0.1:1");

        Assert.NotEqual(0, outcome.Code);
        Assert.Contains("device key", outcome.Error);
    }

    private static async Task<string> DeviceAsync(TemporaryHome home)
    {
        using var status = JsonDocument.Parse(await home.DoAsync("status", "--json"));
        return status.RootElement.GetProperty("device").GetString()!;
    }
}
