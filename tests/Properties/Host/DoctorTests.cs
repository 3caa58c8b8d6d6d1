using System.Net;
using Replica.Crdt.Changes;
using Replica.Peer.Host;
using Replica.Peer.Net;
using Replica.Peer.Store;
using Replica.Peer.Store.Incarnations;
using Replica.Transport;
using Replica.Transport.Discovery;
using Replica.Transport.Relay;
using Xunit;

namespace Replica.Tests.Properties.Host;

/// <summary>Each finding, provoked by what should bring it about and by nothing else.</summary>
public sealed class DoctorTests
{
    private static readonly PeerAddress Address = PeerAddress.Parse("tcp://192.0.2.1:7400");
    private static readonly SpaceStatus Space = new("main", "id", Role.Admin, false, null, 0, 0, 0, 1, []) { Durability = Durability.Full };
    private static readonly ForkStatus Fork = new(new string('1', 32), new string('2', 64), "desk", 7, []);
    private static readonly RelayStatus Relay = new("wss://relay.example:443", default, true, false, null, default, null);
    private static readonly DoctorReport Well = new(
        new HomeStatus("home", "device", "3.40.1", ["tcp://0.0.0.0:7400"], false, [Space], []),
        true, [new LanInterface(2, "eth0", IPAddress.Parse("192.0.2.2"))], true, 5, [], [], long.MaxValue)
    {
        Echoes = [new LanEcho(new LanInterface(2, "eth0", IPAddress.Parse("192.0.2.2")), true)],
    };

    private static readonly IncarnationStatus NewLog = new("0123456789abcdef", 7, IncarnationReason.OtherFile, default);

    public static TheoryData<string, DoctorReport> Cases { get; } = new()
    {
        { "REPLICA_NO_DAEMON", Well with { IsDaemon = false } },
        { "REPLICA_DISK_LOW", Well with { DiskFreeBytes = Doctor.DiskFreeBytesMin - 1 } },
        { "REPLICA_JOIN_PENDING", With(Space with { IsJoinPending = true }) },
        { "REPLICA_DURABILITY_RELAXED", With(Space with { Durability = Durability.Relaxed }) },
        { "REPLICA_LOG_NOTICE", With(Space with { Notices = ["a fork"] }) },
        { "REPLICA_LOG_FORKED", With(Space with { Forks = [Fork], Notices = [Fork.Notice] }) },
        { "REPLICA_LOG_NEW", With(Space with { Incarnation = NewLog, Notices = [NewLog.Notice] }) },
        { "REPLICA_IDENTITY_SHARED", Well with { Status = Well.Status with { Notices = ["a copy was met"] } } },
        { "REPLICA_READ_ONLY", Well with { Status = Well.Status with { IsReadOnly = true } } },
        { "REPLICA_NETWORK_PAUSED", Well with { Status = Well.Status with { IsPaused = true } } },
        { "REPLICA_NO_INTERFACE", Well with { Interfaces = [] } },
        { "REPLICA_NOT_LISTENING", Well with { Status = Well.Status with { Listening = [] } } },
        { "REPLICA_LAN_OFF", Well with { IsLanOn = false, LanPacketsHeard = 0 } },
        { "REPLICA_MULTICAST_BLOCKED", Well with { Echoes = [new LanEcho(Well.Interfaces[0], false)] } },
        { "REPLICA_LISTENER_FAMILY", Well with { Interfaces = [new LanInterface(3, "wlan0", IPAddress.Parse("fe80::1"))] } },
        { "REPLICA_LAN_STRANGER", Well with { Sightings = [new LanSighting("0123456789abcdef", Address, false)] } },
        { "REPLICA_RELAY_UNREACHABLE", Well with { Relays = [Relay with { IsConnected = false, Problem = "refused" }] } },
        { "REPLICA_CLOCK_DIFFERS", Well with { Relays = [Relay with { ClockAhead = TimeSpan.FromHours(-1) }] } },
        { "REPLICA_RELAY_POLLING", Well with { Relays = [Relay with { IsPolling = true }] } },
        { "REPLICA_PEER_KEPT_AWAY", Well with { KeptAway = [new KeptAway(new string('a', 64), 3, TimeSpan.FromSeconds(4))] } },
        { "REPLICA_CLOCK_DIFFERS", With(new PeerStatus("a", "b", "connected", "", [], 0, 0, null) { ClockAhead = TimeSpan.FromMinutes(2) }) },
        {
            "REPLICA_LAN_REFUSED",
            With(new PeerStatus(Address.ToString(), null, "waiting", "refused", [], 0, 0, null) { RetryIn = TimeSpan.FromSeconds(3) })
                with { Sightings = [new LanSighting("0123456789abcdef", Address, true)] }
        },
        { "REPLICA_PEER_UNREACHABLE", With(new PeerStatus("tcp://192.0.2.1:7400", null, "waiting", "refused", [], 0, 0, null)) },
        {
            "REPLICA_LOG_NOT_TAKEN",
            With(new PeerStatus("a", "b", "connected", "", [new PeerSpaceStatus("main", false, 0, 0, ["held"])], 0, 0, null))
        },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_finding_comes_of_its_cause_alone_and_names_a_remedy(string code, DoctorReport report)
    {
        var finding = Assert.Single(Doctor.Examine(report));

        Assert.Equal(code, finding.Code);
        Assert.Contains(finding.Severity, (string[])["note", "warning", "problem"]);
        Assert.EndsWith(".", finding.Remedy, StringComparison.Ordinal);
        Assert.NotEqual("", finding.What);
    }

    [Fact]
    public void Where_all_is_well_nothing_is_found() => Assert.Empty(Doctor.Examine(Well));

    private static DoctorReport With(SpaceStatus space) => Well with { Status = Well.Status with { Spaces = [space] } };

    private static DoctorReport With(PeerStatus peer) => Well with { Status = Well.Status with { Peers = [peer] } };
}
