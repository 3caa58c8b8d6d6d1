using System.IO.Compression;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.Peer.Net;
using Replica.Peer.Sync;
using Replica.Testing;
using Replica.Transport;
using Xunit;

namespace Replica.Tests.Properties.Net;

/// <summary>
/// A member that breaks the protocol (F11, D4, D8): its session ends with a reason, it is counted and kept away, nothing of it is
/// stored, and the others go on.
/// </summary>
public sealed class HostileMemberTests : IAsyncLifetime
{
    private const string Flood = "a list of a million positions";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _root = Directory.CreateTempSubdirectory("replica-test-").FullName;
    private ReplicaHome? _home;
    private ReplicaHome? _honest;
    private PeerAddress? _address;

    public async Task InitializeAsync()
    {
        _home = await HomeAsync("home");
        var space = await _home.CreateSpaceAsync("main");
        _address = await _home.ListenAsync(PeerAddress.Parse("tcp://127.0.0.1:0"));
        var ticket = (await space.InviteAsync(new InviteOptions { Uses = 2 })).Ticket;
        _honest = await JoinAsync("honest", ticket);
        await using var hostile = await JoinAsync("hostile", ticket);
    }

    public async Task DisposeAsync()
    {
        await _honest!.DisposeAsync();
        await _home!.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    public static TheoryData<string> Attacks => [.. Cases().Keys];

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task It_is_cut_off_with_a_reason_counted_and_kept_away_and_the_others_go_on(string attack)
    {
        var before = _home!.GetSpace("main").Durable;
        await using (var hostile = new HostileMember(Path.Combine(_root, "hostile")))
        {
            Assert.True(await hostile.OpenAsync(_address!));
            await Cases()[attack](hostile);
            await hostile.ReadToEndAsync();

            // Closing on one who still sends is a reset, which may overtake the reason; that it is kept away shows below.
            if (hostile.GoAway is not null || attack != Flood)
            {
                Assert.Equal(GoAwayReason.Fault, hostile.GoAway?.Reason);
            }
        }

        Assert.Equal(before, _home.GetSpace("main").Durable);
        await using (var again = new HostileMember(Path.Combine(_root, "hostile")))
        {
            Assert.False(await again.OpenAsync(_address!));
        }

        _ = await _home.GetSpace("main").WriteAsync([new Mutation.PutNode("after", null, [new("x", Value.From(1L))])]);
        await UntilAsync(async () => await _honest!.GetSpace("main").GetNodeAsync("after") is not null);
    }

    [Fact]
    public async Task The_doctor_says_who_is_kept_away_and_for_how_long()
    {
        DoctorFinding? finding = null;
        await UntilAsync(async () =>
        {
            // Kept away for longer each time, so that a look comes in time sooner or later.
            await using var hostile = new HostileMember(Path.Combine(_root, "hostile"));
            if (await hostile.OpenAsync(_address!))
            {
                await hostile.SayRawAsync([0, 3, 2, 0x91, 0x50]);
                await hostile.ReadToEndAsync();
            }

            finding = Doctor.Examine(await _home!.LookAroundAsync(isDaemon: true)).FirstOrDefault(static one => one.Code == "REPLICA_PEER_KEPT_AWAY");
            return finding is not null;
        });

        Assert.Matches("broke the protocol [1-9] times and is kept away for [0-9]+ s", finding!.What);
    }

    [Fact]
    public async Task One_that_takes_nothing_in_delays_nobody()
    {
        await using var hostile = new HostileMember(Path.Combine(_root, "hostile"));
        Assert.True(await hostile.OpenAsync(_address!));
        var space = _home!.GetSpace("main");
        var chance = new Chance(6);
        for (var i = 0; i < 40; i++)
        {
            _ = await space.WriteAsync(
                [.. Enumerable.Range(0, 4).Select(part => new Mutation.PutNode($"n{i}-{part}", null, [new("x", Value.From(chance.Bytes(200_000)))]))]);
        }

        await UntilAsync(async () => await _honest!.GetSpace("main").GetNodeAsync("n39-3") is not null);

        // The honest one's acknowledgement may still be under way.
        List<PeerStatus> behind = [];
        await UntilAsync(async () =>
        {
            behind = [.. (await _home.GetStatusAsync()).Peers.Where(static peer => peer.Spaces.Count > 0 && !peer.Spaces[0].IsInSync)];
            return behind.Count == 1;
        });
        var silent = behind[0];
        Assert.True(silent.Spaces[0].PeerLacks > 0);
        Assert.True(silent.BytesOut < 8 * 1024 * 1024, $"{silent.BytesOut} bytes went to one who takes nothing in");
    }

    private static Dictionary<string, Func<HostileMember, Task>> Cases() => new()
    {
        ["bytes that are no message"] = static hostile => hostile.SayAsync(new byte[] { 0xc1, 0xff, 0x00 }),
        ["a message cut short"] = static hostile => hostile.SayAsync(new byte[] { 0x93, 0x21, 0x91 }),
        ["a number that is not in use"] = static hostile => hostile.SayAsync(new byte[] { 0x91, 0x2b }),
        ["a block that says it holds more than it may"] = static hostile => hostile.SayAsync(Bomb(size: 2 * 1024 * 1024, block: 256)),
        ["a block that does not unpack"] = static hostile => hostile.SayAsync(Bomb(size: 16 * 1024, block: 512)),
        ["a block that unpacks into more than it says"] = static hostile => hostile.SayAsync(Bomb()),
        ["arrays in arrays without end"] = static hostile => hostile.SayAsync(Enumerable.Repeat((byte)0x91, 100_000).ToArray()),
        [Flood] = static hostile => SayMillionAsync(hostile),
        ["a forged run that nobody asked for"] = static hostile => hostile.SayAsync(new SyncMessage.Runs([Run(9)])),
        ["more presences than ten a second"] = static hostile => hostile.SayAsync(
            [.. Enumerable.Repeat(new ReadOnlyMemory<byte>([0x93, 0x28, 0xc4, 0x01, 0x41, 0x05]), 1_000)]),
        ["a message of more than two mebibytes"] = static hostile => hostile.SayRawAsync([2, 5, 0xff, 0xff, 0xff, 0x01, 0x93]),
        ["a unit cut short"] = static hostile => hostile.SayRawAsync([2, 0x7f, 1]),
        ["a control message that does not exist"] = static hostile => hostile.SayRawAsync([0, 3, 2, 0x91, 0x50]),
        ["a second hello"] = static hostile => hostile.SayControlAsync(new ControlMessage.Hello(1, 1, 3, new InstanceId(8), 0)),
        ["more than a hundred control messages a second"] = static hostile => hostile.SayControlAsync(
            [.. Enumerable.Repeat(new ControlMessage.Pong(1), 150)]),
        ["credit that lets the peer send more than sixteen mebibytes"] = static hostile =>
            hostile.SayRawAsync([0, 9, 8, 0x93, 3, 2, 0xce, 1, 0, 0, 0]),
        ["credit for a channel that was never opened"] = static hostile =>
            hostile.SayRawAsync([0, 9, 8, 0x93, 3, 40, 0xce, 0, 1, 0, 0]),
    };

    /// <summary>[64, size, block of so many bytes], the block not being Brotli.</summary>
    private static byte[] Bomb(int size, int block) =>
    [
        0x93, 0x40, 0xce, (byte)(size >> 24), (byte)((size >> 16) & 0xff), (byte)((size >> 8) & 0xff), (byte)(size & 0xff),
        0xc5, (byte)(block >> 8), (byte)(block & 0xff), .. Enumerable.Repeat((byte)0xaa, block),
    ];

    /// <summary>64 MiB of zeros in a few bytes of Brotli, said to be 16 KiB.</summary>
    private static byte[] Bomb()
    {
        var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.SmallestSize))
        {
            brotli.Write(new byte[64 * 1024 * 1024]);
        }

        var bomb = Bomb(size: 16 * 1024, block: 256);
        bomb.AsSpan(bomb.Length - 256).Clear();
        packed.ToArray().CopyTo(bomb.AsSpan(bomb.Length - 256));
        return bomb;
    }

    private static async Task SayMillionAsync(HostileMember hostile)
    {
        for (var part = 0; part < 64 && hostile.GoAway is null; part++)
        {
            var positions = Enumerable.Range(part * 16_384, 16_384)
                .Select(static i => new Position(new((UInt128)(uint)i + 1), 1, new((UInt128)1)))
                .ToArray();
            try
            {
                await hostile.SayAsync(new SyncMessage.Have(positions, true));
            }
            catch (Exception cut) when (cut is ChannelException or IOException)
            {
                return; // Nobody takes it in any more: it was cut off.
            }
        }
    }

    private static SignedRun Run(byte log) => new(new LogId((UInt128)log), 0, default, [new byte[] { 0x93, 1, 2 }], new(new byte[64]));

    private static async Task UntilAsync(Func<Task<bool>> isTrue)
    {
        using var end = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await isTrue())
        {
            _ = await look.WaitForNextTickAsync(end.Token);
        }
    }

    private Task<ReplicaHome> HomeAsync(string name) => ReplicaHome.OpenOrCreateAsync(new HomeOptions { Directory = Path.Combine(_root, name) });

    private async Task<ReplicaHome> JoinAsync(string name, string ticket)
    {
        var home = await HomeAsync(name);
        var space = await home.JoinSpaceAsync("main", ticket);
        var due = _home!.GetSpace("main").Durable.Count;
        await UntilAsync(() => Task.FromResult(space.Durable.Count >= due));
        return home;
    }
}
