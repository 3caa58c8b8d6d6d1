using Replica.Peer.Host;
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
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
    }
}
