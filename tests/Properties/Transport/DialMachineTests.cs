using Replica.Transport;
using Replica.Transport.Dialing;
using Xunit;

namespace Replica.Tests.Properties.Transport;

/// <summary>When which address is dialled: the machine alone, with a clock that the test moves.</summary>
public sealed class DialMachineTests
{
    private static readonly DeviceKey Device = Key(7);
    private static readonly PeerAddress Lan = PeerAddress.Parse("tcp://10.0.0.1:1");
    private static readonly PeerAddress Old = PeerAddress.Parse("tcp://192.0.2.1:1");
    private static readonly PeerAddress Hint = PeerAddress.Parse("tcp://192.0.2.2:1");
    private static readonly PeerAddress Relayed = PeerAddress.Parse("relay+wss://relay.example/#" + Key(9));

    private readonly DialMachine _machine = new(new DialOptions(), static () => 1);

    [Fact]
    public void Direct_addresses_are_raced_best_first_and_the_relay_joins_after_300_ms()
    {
        Know(Relayed, CandidateKind.Hint);
        Know(Hint, CandidateKind.Hint);
        Know(Old, CandidateKind.LastGood);
        Know(Lan, CandidateKind.Lan);

        Assert.Equal([Lan], At(0).Dial);
        Assert.Equal([Old], At(250).Dial);
        Assert.Equal([Relayed], At(300).Dial);
        Assert.Equal([Hint], At(500).Dial);
        Assert.Null(At(500).NextAt);
    }

    [Fact]
    public void With_no_direct_address_the_relay_is_dialled_at_once()
    {
        Know(Relayed, CandidateKind.Hint);

        Assert.Equal([Relayed], At(0).Dial);
    }

    [Fact]
    public void An_address_that_fails_lets_the_next_one_go_at_once()
    {
        Know(Lan, CandidateKind.Lan);
        Know(Hint, CandidateKind.Hint);
        At(0);

        _machine.OnFailed(Lan, "refused", Ms(10));

        Assert.Equal([Hint], At(10).Dial);
    }

    [Fact]
    public void The_first_session_ends_the_race()
    {
        Know(Lan, CandidateKind.Lan);
        Know(Old, CandidateKind.LastGood);
        Know(Hint, CandidateKind.Hint);
        At(0);
        At(250);

        _machine.OnSession(Device, Old, isDirect: true, Ms(260));

        Assert.Equal([Lan], At(260).Cancel);
        Assert.Empty(At(10_000).Dial);
    }

    [Fact]
    public void A_session_that_the_other_side_dialled_ends_the_race_too()
    {
        Know(Lan, CandidateKind.Lan);
        At(0);

        _machine.OnSession(Device, null, isDirect: true, Ms(5));

        Assert.Equal([Lan], At(5).Cancel);
    }

    [Fact]
    public void On_a_relay_a_direct_way_is_looked_for_and_takes_over()
    {
        Know(Lan, CandidateKind.Lan);
        Know(Relayed, CandidateKind.Hint);
        At(0);
        At(300);
        _machine.OnSession(Device, Relayed, isDirect: false, Ms(310));
        Assert.Empty(At(310).Cancel);
        _machine.OnFailed(Lan, "no route", Ms(5_000));

        Assert.Empty(At(5_900).Dial);
        Assert.Equal([Lan], At(6_000).Dial);
        _machine.OnSession(Device, Lan, isDirect: true, Ms(6_100));
        _machine.OnEnded(Device, Relayed, isDirect: false, wasUseful: true, Ms(6_200));

        Assert.Empty(At(600_000).Dial);
    }

    [Fact]
    public void After_a_good_session_it_is_dialled_again_within_100_ms()
    {
        Know(Lan, CandidateKind.Lan);
        At(0);
        _machine.OnSession(Device, Lan, isDirect: true, Ms(5));
        _machine.OnEnded(Device, Lan, isDirect: true, wasUseful: true, Ms(50_000));

        Assert.Equal([Lan], At(50_100).Dial);
    }

    [Fact]
    public void Pauses_double_up_to_a_minute_and_a_network_change_ends_them()
    {
        Know(Lan, CandidateKind.Lan);
        var now = 0.0;
        var pauses = new List<double>();
        for (var i = 0; i < 14; i++)
        {
            Assert.Equal([Lan], At(now).Dial);
            _machine.OnFailed(Lan, "refused", Ms(now));
            var next = At(now).NextAt!.Value.TotalMilliseconds;
            pauses.Add(next - now);
            now = next;
        }

        Assert.Equal([100, 200, 400, 800], pauses.Take(4));
        Assert.Equal(60_000, pauses[^1]);
        Assert.Equal([Lan], At(now).Dial);
        _machine.OnFailed(Lan, "refused", Ms(now));
        _machine.OnNetworkChanged(Ms(now + 1));
        Assert.Equal([Lan], At(now + 1).Dial);
    }

    [Fact]
    public void A_loop_is_left_alone_for_ten_minutes()
    {
        Know(Lan, CandidateKind.Configured);
        At(0);
        _machine.OnLoop(Lan, Ms(10));

        for (var at = 10; at < 600_000; at += 1_000)
        {
            Assert.Empty(At(at).Dial);
        }

        Assert.Equal([Lan], Enumerable.Range(600, 200).SelectMany(second => At(second * 1000.0).Dial));
    }

    [Fact]
    public void An_address_that_turns_out_to_be_a_connected_devices_is_dialled_no_more()
    {
        Know(Lan, CandidateKind.Lan);
        At(0);
        _machine.OnSession(Device, Lan, isDirect: true, Ms(5));
        _machine.Add(Hint, CandidateKind.Configured, null, Ms(10));
        Assert.Equal([Hint], At(10).Dial);

        // It led to the same device, and was closed as a duplicate.
        _machine.OnSession(Device, Hint, isDirect: true, Ms(20));
        _machine.OnEnded(Device, Hint, isDirect: true, wasUseful: false, Ms(25));

        Assert.Empty(At(600_000).Dial);
        _machine.OnEnded(Device, Lan, isDirect: true, wasUseful: true, Ms(600_001));
        Assert.Equal([Lan], At(600_101).Dial);
        Assert.Equal([Hint], At(600_351).Dial);
    }

    [Fact]
    public void Addresses_that_were_learned_together_go_together_to_the_device_that_one_of_them_leads_to()
    {
        // The other side's session was first to say whose device it is; then the relay led there too.
        _machine.AddTogether([Lan, Relayed], CandidateKind.Rendezvous, default);
        Assert.Equal([Lan], At(0).Dial);
        Assert.Equal([Relayed], At(300).Dial);
        _machine.OnFailed(Lan, "no answer", Ms(310));
        _machine.OnSession(Device, null, isDirect: false, Ms(320));
        _machine.OnSession(Device, Relayed, isDirect: false, Ms(330));
        _machine.OnEnded(Device, Relayed, isDirect: false, wasUseful: false, Ms(340));

        // The direct way is looked for still.
        Assert.Empty(_machine.Waiting);
        Assert.Equal([Lan], At(20_000).Dial);
    }

    [Fact]
    public void Sessions_that_stand_keep_no_other_address_from_being_dialled()
    {
        for (byte i = 1; i <= new DialOptions().DialsMax; i++)
        {
            var address = PeerAddress.Parse($"tcp://10.0.1.{i}:1");
            _ = _machine.Add(address, CandidateKind.Configured, Key(i), default);
            _ = At(0);
            _machine.OnSession(Key(i), address, isDirect: true, default);
        }

        _ = _machine.Add(Hint, CandidateKind.Configured, Key(200), Ms(10));

        Assert.Equal([Hint], At(10).Dial);
    }

    [Fact]
    public void What_is_due_and_must_wait_for_other_dials_is_no_reason_to_look_again_at_once()
    {
        for (byte i = 0; i <= new DialOptions().DialsMax; i++)
        {
            _ = _machine.Add(PeerAddress.Parse($"tcp://10.0.1.{i}:1"), CandidateKind.Configured, Key((byte)(i + 1)), default);
        }

        Assert.Equal(new DialOptions().DialsMax, At(0).Dial.Count);
        Assert.Null(At(5).NextAt);

        _machine.OnFailed(PeerAddress.Parse("tcp://10.0.1.0:1"), "refused", Ms(10));
        Assert.Single(At(10).Dial);
    }

    [Fact]
    public void F21_tables_and_dials_are_bounded()
    {
        for (var i = 0; i < 10_000; i++)
        {
            _machine.Add(PeerAddress.Parse($"tcp://10.{i / 65_536}.{i / 256 % 256}.{i % 256}:1"), CandidateKind.Lan, null, default);
        }

        Assert.Equal(new DialOptions().LanDialsMax, At(0).Dial.Count);
        Assert.Equal(new DialOptions().TargetsMax, _machine.Waiting.Count);
    }

    [Fact]
    public void F21_announcements_leave_dials_for_better_addresses_and_hearsay_for_announcements()
    {
        Announce(CandidateKind.Hearsay, 100, 0);
        Assert.Equal(new DialOptions().HearsayDialsMax, At(0).Dial.Count);
        Announce(CandidateKind.Lan, 100, 1_000);
        Assert.Equal(new DialOptions().LanDialsMax - new DialOptions().HearsayDialsMax, At(0).Dial.Count);

        Know(Hint, CandidateKind.Configured);

        Assert.Equal([Hint], At(0).Dial);
    }

    [Fact]
    public void F21_behind_a_flood_the_newest_announcement_is_dialled_first_and_slow_dials_give_way()
    {
        Announce(CandidateKind.Lan, 100, 0);
        var flood = At(0).Dial;
        _machine.Add(Lan, CandidateKind.Lan, null, Ms(200));
        Assert.Empty(At(200).Dial);
        var turn = new DialOptions().LanTurn.TotalMilliseconds;
        Assert.Equal(Ms(turn), At(200).NextAt);

        Assert.Equal(flood, At(turn).Cancel);
        _machine.OnFailed(flood[0], "", Ms(turn));

        Assert.Equal([Lan], At(turn).Dial);

        // One that came to nothing and is announced anew waits behind those that were never tried.
        _machine.Remove(flood[0], CandidateKind.Lan);
        _machine.Add(flood[0], CandidateKind.Lan, null, Ms(turn + 1));
        _machine.OnFailed(flood[1], "", Ms(turn + 1));
        Assert.DoesNotContain(flood[0], At(turn + 1).Dial);
    }

    [Fact]
    public void F21_a_dial_under_way_is_seen_through_when_its_announcement_is_taken_back()
    {
        _machine.Add(Lan, CandidateKind.Lan, null, default);
        At(0);
        _machine.Remove(Lan, CandidateKind.Lan);
        Assert.Empty(At(1).Cancel);

        _machine.OnSession(Device, Lan, isDirect: true, Ms(2));
        _machine.OnEnded(Device, Lan, isDirect: true, wasUseful: true, Ms(3));

        Assert.Equal([Lan], At(200).Dial);
        _machine.Remove(Lan, CandidateKind.Lan);
        _machine.OnFailed(Lan, "refused", Ms(200));
        Assert.Single(_machine.Waiting);
    }

    [Fact]
    public void An_announcement_taken_back_is_gone_once_its_dial_has_failed()
    {
        _machine.Add(Lan, CandidateKind.Lan, null, default);
        At(0);
        _machine.Remove(Lan, CandidateKind.Lan);
        Assert.Single(_machine.Waiting);

        _machine.OnFailed(Lan, "refused", Ms(1));

        Assert.Empty(_machine.Waiting);
    }

    [Fact]
    public void Sessions_take_no_dials_away()
    {
        for (byte i = 1; i <= 100; i++)
        {
            var address = PeerAddress.Parse($"tcp://10.0.0.{i}:1");
            _machine.Add(address, CandidateKind.Configured, null, default);
            Assert.Equal([address], At(0).Dial);
            _machine.OnSession(Key(i), address, isDirect: true, default);
        }
    }

    [Fact]
    public void Who_waits_says_why_and_for_how_long()
    {
        Know(Lan, CandidateKind.Lan);
        At(0);
        _machine.OnFailed(Lan, "refused", Ms(10));

        var waiting = Assert.Single(_machine.Waiting);

        Assert.Equal(("refused", Ms(110)), (waiting.Detail, waiting.NextAt));
        _machine.OnLoop(Lan, Ms(20));
        Assert.Equal(TimeSpan.FromMinutes(10) + Ms(20), Assert.Single(_machine.Waiting).NextAt);
    }

    private static DeviceKey Key(byte fill) => DeviceKey.FromBytes([.. Enumerable.Repeat(fill, 32)]);

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private void Announce(CandidateKind kind, int count, int from)
    {
        for (var i = from; i < from + count; i++)
        {
            _ = _machine.Add(PeerAddress.Parse($"tcp://10.1.{i / 256}.{i % 256}:1"), kind, null, default);
        }
    }

    private void Know(PeerAddress address, CandidateKind kind) => Assert.True(_machine.Add(address, kind, Device, default));

    private DialStep At(double milliseconds) => _machine.Advance(Ms(milliseconds));
}
