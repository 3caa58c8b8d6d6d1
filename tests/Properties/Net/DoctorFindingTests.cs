using Replica.Peer.Host;
using Replica.Peer.Store;
using Replica.Tests.Properties.Transport;
using Replica.Transport;
using Xunit;

namespace Replica.Tests.Properties.Net;

/// <summary>What <c>doctor</c> finds around running homes, brought about for real.</summary>
public sealed class DoctorFindingTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _root = Directory.CreateTempSubdirectory("replica-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(90, "90 s ahead of")]
    [InlineData(-90, "90 s behind")]
    public async Task The_clock_of_a_peer_that_is_off_is_named(int seconds, string words)
    {
        await using var home = await HomeAsync("home", TimeProvider.System);
        var space = await home.CreateSpaceAsync("main");
        var address = await home.ListenAsync(PeerAddress.Parse("tcp://127.0.0.1:0"));
        await using var other = await HomeAsync("other", new ShiftedTime(TimeSpan.FromSeconds(seconds)));
        _ = await other.JoinSpaceAsync("main", (await space.InviteAsync(new InviteOptions())).Ticket);
        other.Connect(address);

        var finding = await FindAsync(home, "REPLICA_CLOCK_DIFFERS");

        // Rounded, and the hello takes a moment on the way.
        Assert.Contains(words, finding.What.Replace("89 s", "90 s").Replace("91 s", "90 s"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_relay_that_is_reached_by_polling_alone_is_told()
    {
        await using var relay = await TestRelay.StartAsync(letsWebSocketsThrough: false);
        await using var home = await HomeAsync("home", TimeProvider.System);
        _ = await home.ListenAsync(relay.Address);

        _ = await FindAsync(home, "REPLICA_RELAY_POLLING");

        Assert.True((await home.LookAroundAsync(isDaemon: true)).Relays[0].IsConnected);
    }

    [Fact]
    public async Task An_address_that_refuses_is_named_with_its_reason_and_the_next_try()
    {
        await using var home = await HomeAsync("home", TimeProvider.System);
        home.Connect(PeerAddress.Parse("tcp://127.0.0.1:1"));

        var finding = await FindAsync(home, "REPLICA_PEER_UNREACHABLE", "tried again in");

        Assert.Contains("tcp://127.0.0.1:1", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clock_of_a_relay_that_is_off_is_named()
    {
        await using var relay = await TestRelay.StartAsync();
        await using var home = await HomeAsync("home", new ShiftedTime(TimeSpan.FromSeconds(90)));
        _ = await home.ListenAsync(relay.Address);

        Assert.Contains("s behind", (await FindAsync(home, "REPLICA_CLOCK_DIFFERS", "relay")).What, StringComparison.Ordinal);
        Assert.NotNull((await home.LookAroundAsync(isDaemon: true)).Relays[0].Latency);
    }

    [Fact]
    public async Task A_clock_that_is_set_while_connected_is_judged_as_it_is_now()
    {
        var time = new ShiftedTime(TimeSpan.FromHours(-1));
        await using var relay = await TestRelay.StartAsync();
        await using var home = await HomeAsync("home", time);
        var space = await home.CreateSpaceAsync("main");
        _ = await home.ListenAsync(relay.Address);
        var address = await home.ListenAsync(PeerAddress.Parse("tcp://127.0.0.1:0"));
        await using var other = await HomeAsync("other", TimeProvider.System);
        _ = await other.JoinSpaceAsync("main", (await space.InviteAsync(new InviteOptions())).Ticket);
        other.Connect(address);
        _ = await FindAsync(home, "REPLICA_CLOCK_DIFFERS", "relay");
        _ = await FindAsync(home, "REPLICA_CLOCK_DIFFERS", "of tcp");

        time.Set(TimeSpan.Zero);

        Assert.DoesNotContain(Doctor.Examine(await home.LookAroundAsync(isDaemon: true)), static one => one.Code == "REPLICA_CLOCK_DIFFERS");
        var report = await home.LookAroundAsync(isDaemon: true);
        Assert.InRange(report.Relays[0].ClockAhead.TotalSeconds, -5, 5);
    }

    [Fact]
    public async Task A_log_that_is_held_is_named_with_the_reason_on_both_sides()
    {
        await using var home = await HomeAsync("home", TimeProvider.System);
        var space = await home.CreateSpaceAsync("main");
        var address = await home.ListenAsync(PeerAddress.Parse("tcp://127.0.0.1:0"));
        await using var other = await HomeAsync("other", new ShiftedTime(TimeSpan.FromHours(1)));
        var joined = await other.JoinSpaceAsync("main", (await space.InviteAsync(new InviteOptions())).Ticket);
        other.Connect(address);
        await WriteAsync(joined, "n");

        Assert.Contains("REPLICA_CLOCK_AHEAD", (await FindAsync(home, "REPLICA_LOG_NOT_TAKEN")).What, StringComparison.Ordinal);
        Assert.Contains("REPLICA_CLOCK_AHEAD", (await FindAsync(other, "REPLICA_LOG_NOTICE")).What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_home_was_told_to_do_or_waits_for_is_named_as_long_as_it_is_so()
    {
        await using var inviting = await HomeAsync("inviting", TimeProvider.System);
        var ticket = (await (await inviting.CreateSpaceAsync("main")).InviteAsync(new InviteOptions())).Ticket;
        await using var home = await HomeAsync("home", TimeProvider.System);
        _ = await home.CreateSpaceAsync("quick", durability: Durability.Relaxed);
        _ = await home.JoinSpaceAsync("main", ticket);
        home.PauseNetwork();

        Assert.Contains("'main'", (await FindAsync(home, "REPLICA_JOIN_PENDING")).What, StringComparison.Ordinal);
        Assert.Contains("'quick'", (await FindAsync(home, "REPLICA_DURABILITY_RELAXED")).What, StringComparison.Ordinal);
        _ = await FindAsync(home, "REPLICA_NETWORK_PAUSED");
        _ = await FindAsync(home, "REPLICA_NOT_LISTENING");
        _ = await FindAsync(home, "REPLICA_LAN_OFF");

        home.ResumeNetwork();
        _ = await home.ListenAsync(PeerAddress.Parse("tcp://127.0.0.1:0"));
        var left = Doctor.Examine(await home.LookAroundAsync(isDaemon: true)).Select(static one => one.Code).ToArray();
        Assert.DoesNotContain("REPLICA_NETWORK_PAUSED", left);
        Assert.DoesNotContain("REPLICA_NOT_LISTENING", left);
    }

    private static async Task WriteAsync(ReplicaSpace space, string id)
    {
        using var end = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            try
            {
                _ = await space.WriteAsync([new Mutation.PutNode(id, null, [])], cancellationToken: end.Token);
                return;
            }
            catch (ReplicaException)
            {
                // Not let in yet.
                _ = await look.WaitForNextTickAsync(end.Token);
            }
        }
    }

    private static async Task<DoctorFinding> FindAsync(ReplicaHome home, string code, string words = "")
    {
        using var end = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            if (Doctor.Examine(await home.LookAroundAsync(isDaemon: true)).FirstOrDefault(
                one => one.Code == code && one.What.Contains(words, StringComparison.Ordinal)) is { } finding)
            {
                return finding;
            }

            _ = await look.WaitForNextTickAsync(end.Token);
        }
    }

    private Task<ReplicaHome> HomeAsync(string name, TimeProvider time) =>
        ReplicaHome.OpenOrCreateAsync(new HomeOptions { Directory = Path.Combine(_root, name), Time = time });

    /// <summary>A clock that goes right and is set wrong.</summary>
    private sealed class ShiftedTime(TimeSpan ahead) : TimeProvider
    {
        private long _ahead = ahead.Ticks;

        public void Set(TimeSpan ahead) => Volatile.Write(ref _ahead, ahead.Ticks);

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Volatile.Read(ref _ahead));
    }
}
