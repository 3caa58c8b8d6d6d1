using Replica.Transport;
using Replica.Transport.Dialing;
using Xunit;

namespace Replica.Tests.Properties.Transport;

/// <summary>Dials to a host that announced itself by IPv4 and by IPv6.</summary>
public sealed class DialBesideTests
{
    private static readonly DeviceKey Device = DeviceKey.FromBytes([.. Enumerable.Repeat((byte)7, 32)]);
    private static readonly PeerAddress Old = PeerAddress.Parse("tcp://10.9.0.1:7400");
    private static readonly PeerAddress Link = PeerAddress.Parse("tcp://[fe80::a%2]:7400");

    private readonly DialMachine _machine = new(new DialOptions(), static () => 1);

    [Fact]
    public void The_second_family_is_dialled_a_quarter_of_a_second_after_the_first_and_not_at_all_after_a_session()
    {
        _machine.Add(Old, CandidateKind.Lan, null, default);
        Assert.Equal([Old], At(0).Dial);
        _machine.AddBeside(Link, CandidateKind.Lan, Old, Ms(2));

        Assert.Empty(At(2).Dial);
        Assert.Equal(Ms(250), At(3).NextAt);
        _machine.OnSession(Device, Old, isDirect: true, Ms(20));
        Assert.Empty(At(60_000).Dial);

        // The one fails, the other is there.
        _machine.OnEnded(Device, Old, isDirect: true, wasUseful: true, Ms(60_001));
        Assert.Equal([Old], At(60_101).Dial);
        Assert.Equal([Link], At(60_351).Dial);
    }

    [Fact]
    public void The_second_family_is_dialled_at_once_where_the_first_is_refused()
    {
        _machine.Add(Old, CandidateKind.Lan, null, default);
        At(0);
        _machine.AddBeside(Link, CandidateKind.Lan, Old, Ms(2));
        At(2);

        _machine.OnFailed(Old, "refused", Ms(5));

        Assert.Equal([Link], At(5).Dial);
    }

    [Fact]
    public void The_other_sides_session_takes_both_addresses_to_one_device()
    {
        _machine.Add(Old, CandidateKind.Lan, null, default);
        At(0);
        _machine.AddBeside(Link, CandidateKind.Lan, Old, Ms(2));
        At(2);
        _machine.OnSession(Device, null, isDirect: true, Ms(4));
        _machine.OnSession(Device, Old, isDirect: true, Ms(6));
        _machine.OnEnded(Device, Old, isDirect: true, wasUseful: false, Ms(8));

        Assert.Empty(_machine.Waiting);
        Assert.Empty(At(60_000).Dial);
    }

    [Fact]
    public void An_address_beside_one_that_is_gone_stands_alone()
    {
        _machine.AddBeside(Link, CandidateKind.Lan, Old, default);

        Assert.Equal([Link], At(0).Dial);
    }

    [Fact]
    public void A_link_local_address_that_was_taken_back_is_not_kept_for_having_been_good()
    {
        _machine.Add(Link, CandidateKind.Lan, null, default);
        _machine.Add(Old, CandidateKind.Lan, null, default);
        At(0);
        _machine.OnSession(Device, Link, isDirect: true, Ms(5));
        _machine.Remove(Link, CandidateKind.Lan);
        _machine.OnEnded(Device, Link, isDirect: true, wasUseful: true, Ms(10));
        Assert.Equal([Old], _machine.Waiting.Select(static one => one.Address));

        // One that means the same everywhere is.
        _machine.OnSession(Device, Old, isDirect: true, Ms(15));
        _machine.Remove(Old, CandidateKind.Lan);
        _machine.OnEnded(Device, Old, isDirect: true, wasUseful: true, Ms(20));
        Assert.Equal([Old], _machine.Waiting.Select(static one => one.Address));
    }

    [Fact]
    public void A_link_local_address_that_is_announced_anew_during_its_session_stays()
    {
        _machine.Add(Link, CandidateKind.Lan, null, default);
        At(0);
        _machine.OnSession(Device, Link, isDirect: true, Ms(5));
        _machine.Remove(Link, CandidateKind.Lan);
        _machine.Add(Link, CandidateKind.Lan, null, Ms(6));

        _machine.OnEnded(Device, Link, isDirect: true, wasUseful: true, Ms(10));

        Assert.Equal([Link], At(110).Dial);
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private DialStep At(double milliseconds) => _machine.Advance(Ms(milliseconds));
}
