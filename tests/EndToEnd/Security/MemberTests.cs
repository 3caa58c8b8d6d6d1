using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Exchange;
using Replica.Peer.Membership;
using Replica.Peer.Sync;
using Replica.Tests.EndToEnd.Processes;
using Replica.Transport.Crypto;
using Xunit;

namespace Replica.Tests.EndToEnd.Security;

/// <summary>What a member can do to a running peer that it was let in by: no more than its role allows, and nothing for good.</summary>
public sealed class MemberTests(RunningPeer peer) : IClassFixture<RunningPeer>, IAsyncDisposable
{
    private readonly DeviceKeyPair _device = DeviceKeyPair.Create();
    private readonly List<HostileMember> _sessions = [];
    private SpaceId _space;
    private SpaceSecret? _secret;

    [Theory]
    [InlineData("reader")]
    [InlineData("stranger")]
    public async Task S7_a_correctly_signed_change_of_one_who_may_not_write_is_refused_and_not_passed_on(string who)
    {
        await JoinAsync("reader");
        using var stranger = DeviceKeyPair.Create();
        var log = new HostileLog(who == "reader" ? _device : stranger, _space);
        var member = await OpenAsync();
        var have = await member.HearAsync<SyncMessage.Have>();
        var state = await peer.StateAsync();
        await member.SayAsync(new SyncMessage.Have([], More: false));

        await member.SayAsync(new SyncMessage.Runs([log.Run([log.Next(Now, [.. have.Positions], HostileLog.Node("forbidden"))])]));

        var reject = await member.HearAsync<SyncMessage.Reject>(one => one.At.Log == log.Log);
        Assert.Equal((log.Log, RunVerdict.NotAWriter), (reject.At.Log, reject.Reason));
        Assert.Equal(state, await peer.StateAsync());
        var again = await (await OpenAsync()).HearAsync<SyncMessage.Have>();
        Assert.DoesNotContain(again.Positions, position => position.Log == log.Log);
        Assert.Contains("NotAWriter", peer.Daemon.Log);
    }

    [Fact]
    public async Task S8_a_flipped_bit_anywhere_in_a_run_ends_the_session_and_leaves_nothing()
    {
        await JoinAsync("writer");
        var state = await peer.StateAsync();
        var (log, deps) = await NewLogAsync();
        var run = log.Run([log.Next(Now, deps, HostileLog.Node("flipped"))]);
        using var ticket = Ticket.Parse(await peer.Home.DoAsync("invite", "--uses", "12"));
        for (var part = 0; part < 12; part++)
        {
            var (bytes, signature) = (run.Changes[0].ToArray(), run.Signature.Bytes.ToArray());
            (part < 8 ? bytes : signature)[(part < 8 ? bytes.Length / 8 : 21) * (part % 8) % (part < 8 ? bytes.Length : 64)] ^= 4;
            // Who broke the protocol once is kept away for a while: each try is another member's.
            using var device = DeviceKeyPair.Create();
            using var secret = await HostileMember.JoinAsync(peer.Address, device, ticket);
            await using var member = await HostileMember.OpenAsync(peer.Address, device, _space, secret);
            await member.SayAsync(new SyncMessage.Have([], More: false));

            await member.SayAsync(new SyncMessage.Runs([run with { Changes = [bytes], Signature = new(signature) }]));

            await member.EndAsync();
        }

        Assert.Equal(state, await peer.StateAsync());
    }

    [Theory]
    [InlineData("another label")]
    [InlineData("another space")]
    [InlineData("another device")]
    public async Task S9_a_signature_of_another_kind_is_no_signature_of_a_run(string fault)
    {
        await JoinAsync("writer");
        var state = await peer.StateAsync();
        var (log, deps) = await NewLogAsync();
        var change = log.Next(Now, deps, HostileLog.Node("mislabelled"));
        using var other = DeviceKeyPair.Create();
        var member = await OpenAsync();
        await member.SayAsync(new SyncMessage.Have([], More: false));

        await member.SayAsync(new SyncMessage.Runs([fault switch
        {
            "another label" => log.Run([change], text: SigningLabels.Build(
                SigningLabels.Join, _space.ToArray(), log.Tip.Log.ToArray(), new byte[8], new byte[32])),
            "another space" => new HostileLog(_device, default) is var twin && twin.Next(change.Bytes.ToArray()) is var same ? twin.Run([same]) : null!,
            _ => log.Run([change], signer: other),
        }]));

        await member.EndAsync();
        Assert.Equal(state, await peer.StateAsync());
    }

    [Theory]
    [InlineData("two swapped")]
    [InlineData("one dropped")]
    [InlineData("one changed and signed by another")]
    public async Task T3_a_chain_that_was_tampered_with_is_found_on_receipt(string fault)
    {
        await JoinAsync("writer");
        var state = await peer.StateAsync();
        var (log, deps) = await NewLogAsync();
        Change[] changes =
        [
            log.Next(Now, deps, HostileLog.Node("a")), log.Next(Now + 1, [], HostileLog.Node("b")), log.Next(Now + 2, [], HostileLog.Node("c")),
        ];
        var run = log.Run(changes);
        using var other = DeviceKeyPair.Create();
        var twin = new HostileLog(_device, _space);
        var member = await OpenAsync();
        await member.SayAsync(new SyncMessage.Have([], More: false));

        await member.SayAsync(new SyncMessage.Runs([fault switch
        {
            "two swapped" => run with { Changes = [run.Changes[0], run.Changes[2], run.Changes[1]] },
            "one dropped" => run with { Changes = [run.Changes[0], run.Changes[2]] },
            _ => twin.Run([twin.Next(Now, deps, HostileLog.Node("other"))], signer: other),
        }]));

        await member.EndAsync();
        Assert.Equal(state, await peer.StateAsync());
    }

    [Fact]
    public async Task T2_what_is_delivered_again_changes_nothing()
    {
        await JoinAsync("writer");
        var (log, deps) = await NewLogAsync();
        var name = "replayed-" + log.Log;
        var first = log.Run([log.Next(Now, deps, HostileLog.Node(name))]);
        var second = log.Run([log.Next(Now + 1, [], new OperationGroup(new Target.Node(name), [new Operation.Delete()]))]);
        var member = await OpenAsync();
        await member.SayAsync(new SyncMessage.Have([], More: false));
        await member.SayAsync(new SyncMessage.Runs([first, second]));
        await AckedAsync(member, log);
        var state = await peer.StateAsync();

        foreach (var run in (SignedRun[])[second, first, first, second])
        {
            await member.SayAsync(new SyncMessage.Runs([run]));
            await AckedAsync(member, log);
        }

        Assert.Equal(state, await peer.StateAsync());
        Assert.DoesNotContain(name, state);
    }

    [Fact]
    public async Task Two_histories_under_one_key_are_both_kept_and_doctor_names_the_log()
    {
        await JoinAsync("writer");
        var (log, deps) = await NewLogAsync();
        var other = new HostileLog(_device, _space);
        foreach (var branch in (HostileLog[])[log, other])
        {
            var member = await OpenAsync();
            await member.SayAsync(new SyncMessage.Have([], More: false));
            await member.SayAsync(new SyncMessage.Runs([branch.Run([branch.Next(Now, deps, HostileLog.Node(branch == log ? "one" : "two"))])]));
            await AckedAsync(member, branch);
        }

        await Eventually.SaysAsync(() => peer.Home.DoAsync("doctor"), "REPLICA_LOG_FORKED");
        var state = await peer.StateAsync();
        Assert.Contains("\"one\"", state);
        Assert.Contains("\"two\"", state);
    }

    [Theory]
    [InlineData(600_000L)]
    [InlineData(400L * 365 * 24 * 3600 * 1000)]
    [InlineData((1L << 48) - 1 - 2_000_000_000_000L)]
    public async Task D6_a_stamp_far_ahead_is_held_and_never_becomes_the_clock(long ahead)
    {
        await JoinAsync("writer");
        var (log, deps) = await NewLogAsync();
        var member = await OpenAsync();
        await member.SayAsync(new SyncMessage.Have([], More: false));

        await member.SayAsync(new SyncMessage.Runs([log.Run([log.Next(Now + ahead, deps, HostileLog.Node("from the future"))])]));

        var hold = await member.HearAsync<SyncMessage.Hold>(one => one.At.Log == log.Log);
        Assert.Equal((log.Log, RunVerdict.ClockAhead), (hold.At.Log, hold.Reason));
        _ = await peer.Home.DoAsync("put", "after", "x=1");
        var last = (await peer.Home.DoAsync("log", "--newest", "--limit", "1", "--json")).Trim();
        Assert.Contains($"\"{DateTime.UtcNow:yyyy-MM-dd}", last);
        Assert.DoesNotContain("from the future", await peer.StateAsync());
    }

    [Fact]
    public async Task D9_a_list_of_all_the_logs_there_could_be_costs_the_peer_next_to_nothing()
    {
        await JoinAsync("reader");
        var member = await OpenAsync();
        var before = await peer.PeakBytesAsync();
        for (var part = 0; part < 20; part++)
        {
            await member.SayAsync(new SyncMessage.Have(Positions(part), More: true));
        }

        // The 17th part is one log too many.
        await member.EndAsync();

        Assert.True(member.BytesIn < 64 * 1024, $"{member.BytesIn} bytes came back for {member.BytesOut}.");
        var grown = await peer.PeakBytesAsync() - before;
        Assert.True(grown < 256L * 1024 * 1024, $"{grown} bytes more at peak.");
    }

    [Theory]
    [InlineData("arrays")]
    [InlineData("maps")]
    [InlineData("a change of a million items")]
    public async Task D3_depth_and_breadth_in_a_signed_change_are_refused_in_linear_time(string bomb)
    {
        await JoinAsync("writer");
        var (log, deps) = await NewLogAsync();
        _ = deps;
        byte[] bytes = bomb switch
        {
            "arrays" => [.. Enumerable.Repeat((byte)0x91, 900_000)],
            "maps" => [.. Enumerable.Repeat((byte[])[0x81, 0xa0], 450_000).SelectMany(static two => two)],
            _ => [0x96, 1, 0xdd, 0x00, 0x0d, 0xbb, 0xa0, .. new byte[900_000]],
        };
        var member = await OpenAsync();
        await member.SayAsync(new SyncMessage.Have([], More: false));
        var start = TimeProvider.System.GetTimestamp();

        await member.SayAsync(new SyncMessage.Runs([log.Run([log.Next(bytes)])]));

        // Without a header nobody knows who signed it: the sender's fault.
        await member.EndAsync();
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(10));
        Assert.Contains(RunningPeer.Value, await peer.StateAsync());
    }

    [Theory]
    [InlineData(new byte[] { 0xdd, 0xff, 0xff, 0xff, 0xff })]
    [InlineData(new byte[] { 0x92, 35, 0xdd, 0xff, 0xff, 0xff, 0xff })]
    [InlineData(new byte[] { 0x92, 35, 0xdc, 0x40, 0x01 })]
    [InlineData(new byte[] { 0x92, 36, 0x90 })]
    [InlineData(new byte[] { 0x93, 64, 0xce, 0xff, 0xff, 0xff, 0xff, 0xc4, 1, 0 })]
    [InlineData(new byte[] { 0x93, 64, 0xcd, 0x40, 0x00, 0xc4, 1, 0 })]
    [InlineData(new byte[] { 0x92, 50, 0xc0 })]
    [InlineData(new byte[] { 0xc1 })]
    public async Task D2_a_member_that_breaks_a_limit_of_sync_is_closed(byte[] body)
    {
        await JoinAsync("writer");
        var before = await peer.PeakBytesAsync();
        var member = await OpenAsync();

        await member.SayAsync(body);

        await member.EndAsync();
        Assert.True(await peer.PeakBytesAsync() - before < 32 * 1024 * 1024);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions)
        {
            await session.DisposeAsync();
        }

        _secret?.Dispose();
        _device.Dispose();
    }

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private static Position[] Positions(int part) =>
    [
        .. Enumerable.Range(0, 16_384).Select(index => new Position(new(new UInt128((ulong)part + 1, (ulong)index)), 9, new(new UInt128(1, 2)))),
    ];

    private static async Task AckedAsync(HostileMember member, HostileLog log)
    {
        while (!(await member.HearAsync<SyncMessage.Ack>()).Positions.Contains(log.Tip))
        {
        }
    }

    private async Task JoinAsync(string role)
    {
        using var ticket = await peer.InviteAsync(role);
        _space = ticket.Space;
        _secret = await HostileMember.JoinAsync(peer.Address, _device, ticket);
    }

    private async Task<HostileMember> OpenAsync()
    {
        var member = await HostileMember.OpenAsync(peer.Address, _device, _space, _secret!);
        _sessions.Add(member);
        return member;
    }

    /// <summary>A log of this device, and what its first change must depend on to be a writer's.</summary>
    private async Task<(HostileLog Log, Position[] Deps)> NewLogAsync()
    {
        var have = await (await OpenAsync()).HearAsync<SyncMessage.Have>();
        return (new(_device, _space), [.. have.Positions]);
    }
}
