using Replica.Peer.Net;
using Replica.Peer.Sync;
using Replica.Transport;
using Xunit;

namespace Replica.Tests.Properties.Net;

/// <summary>Which of several sessions between the same two processes stays.</summary>
public sealed class SessionTableTests
{
    private readonly SessionTable<FakeSession> _sessions = new(static act => act());

    [Fact]
    public void The_direct_session_stays_before_the_relayed_one()
    {
        var relayed = Add(1, isRelayed: true);
        Assert.True(_sessions.TryKeep(relayed));
        var direct = Add(9);

        Assert.True(_sessions.TryKeep(direct));
        Assert.Equal((true, false), (relayed.IsEnded, direct.IsEnded));
    }

    [Fact]
    public void Then_that_of_the_smaller_device_key_whichever_comes_first()
    {
        var (small, great) = (Add(1), Add(9));

        Assert.False(_sessions.TryKeep(great));
        Assert.True(small.IsProbed);
        Assert.True(_sessions.TryKeep(small));
        Assert.Equal((false, true), (small.IsEnded, great.IsEnded));
    }

    [Fact]
    public void Of_three_at_once_one_stays()
    {
        // Both sides dialled directly and one of them through the relay too, and all of it came through in one moment.
        var all = new[] { Add(9, isRelayed: true), Add(9), Add(1) };

        foreach (var session in all)
        {
            _ = _sessions.TryKeep(session);
        }

        Assert.Equal([all[2]], all.Where(static session => !session.IsEnded));
    }

    [Fact]
    public void A_lesser_session_waits_until_the_better_one_has_given_a_sign_of_life()
    {
        var small = Add(1);
        Assert.True(_sessions.TryKeep(small));
        var great = Add(9);

        Assert.False(_sessions.TryKeep(great));
        Assert.Equal((true, false), (small.IsProbed, great.IsEnded));
        _sessions.OnAnswered(small);

        Assert.Equal((false, true, false), (small.IsEnded, great.IsEnded, great.IsToldOfRival));
    }

    [Fact]
    public void A_lesser_session_takes_over_when_the_better_one_turns_out_to_be_dead()
    {
        var small = Add(1);
        Assert.True(_sessions.TryKeep(small));
        var great = Add(9);
        Assert.False(_sessions.TryKeep(great));

        _sessions.Remove(small);

        Assert.True(great.IsToldOfRival);
        Assert.True(_sessions.TryKeep(great));
        Assert.False(great.IsEnded);
    }

    [Fact]
    public void Nobody_waits_on_for_a_session_that_answers_with_less_right()
    {
        var small = Add(1);
        Assert.True(_sessions.TryKeep(small));
        var great = Add(9);
        Assert.False(_sessions.TryKeep(great));

        _sessions.OnAnswered(great);

        Assert.False(small.IsEnded || great.IsEnded);
    }

    [Fact]
    public void Sessions_of_two_processes_of_one_device_both_stay()
    {
        var (one, other) = (Add(1), Add(9, instance: 2));

        Assert.True(_sessions.TryKeep(one));
        Assert.True(_sessions.TryKeep(other));
        Assert.False(one.IsEnded || other.IsEnded);
    }

    private FakeSession Add(byte initiator, bool isRelayed = false, ulong instance = 1)
    {
        var session = new FakeSession
        {
            RemoteInstance = new InstanceId(instance),
            Rank = new(isRelayed, Key(initiator), new InstanceId(7), new byte[] { initiator }),
        };
        _sessions.Add(session);
        return session;
    }

    private static DeviceKey Key(byte fill) => DeviceKey.FromBytes([.. Enumerable.Repeat(fill, DeviceKey.SizeBytes)]);

    private sealed class FakeSession : IDeviceSession
    {
        public DeviceKey Device { get; } = Key(5);

        public InstanceId? RemoteInstance { get; init; }

        public SessionRank Rank { get; init; }

        public bool IsEnded { get; private set; }

        public bool IsProbed { get; private set; }

        public void EndAsDuplicate() => IsEnded = true;

        public bool IsToldOfRival { get; private set; }

        public void Probe() => IsProbed = true;

        public void OnRivalGone() => IsToldOfRival = true;
    }
}
