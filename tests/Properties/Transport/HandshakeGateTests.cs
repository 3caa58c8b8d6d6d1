using Replica.Transport;
using Replica.Transport.Memory;
using Replica.Transport.Noise;
using Xunit;

namespace Replica.Tests.Properties.Transport;

public sealed class HandshakeGateTests
{
    private readonly HandshakeGate _gate = new();

    [Fact]
    public void D1_the_65th_pending_handshake_of_one_address_closes_its_oldest()
    {
        var fromOne = Enumerable.Range(0, HandshakeGate.PendingPerSourceMax).Select(_ => Connection("192.0.2.1")).ToList();
        fromOne.ForEach(c => _gate.Enter(c));
        var other = Connection("192.0.2.2");
        _gate.Enter(other);

        var newcomer = Connection("192.0.2.1");
        _gate.Enter(newcomer);

        Assert.Equal([fromOne[0]], fromOne.Append(other).Append(newcomer).Where(IsAborted));
        Assert.Equal(HandshakeGate.PendingPerSourceMax + 1, _gate.PendingCount);
    }

    [Fact]
    public void D1_the_1025th_pending_handshake_in_all_closes_the_oldest_of_all()
    {
        var all = Enumerable.Range(0, HandshakeGate.PendingMax).Select(i => Connection($"192.0.{i / 32}.1")).ToList();
        all.ForEach(c => _gate.Enter(c));
        Assert.DoesNotContain(all, IsAborted);

        _gate.Enter(Connection("198.51.100.1"));

        Assert.Equal([all[0]], all.Where(IsAborted));
        Assert.Equal(HandshakeGate.PendingMax, _gate.PendingCount);
    }

    [Fact]
    public void D1_a_neighbour_with_a_thousand_link_local_addresses_closes_its_own_and_nobody_from_elsewhere()
    {
        var elsewhere = Connection("192.0.2.1");
        _gate.Enter(elsewhere);
        var honest = Connection("[fe80::a%2]");
        var entered = _gate.Enter(honest);
        var own = Enumerable.Range(0, 2 * HandshakeGate.PendingMax).Select(i => Connection($"[fe80::1:{i:x}%2]")).ToList();
        own.Take(HandshakeGate.PendingOnLinkMax - 1).ToList().ForEach(c => _gate.Enter(c));
        Assert.DoesNotContain(own.Append(elsewhere).Append(honest), IsAborted);

        entered.Dispose();
        own.Skip(HandshakeGate.PendingOnLinkMax - 1).ToList().ForEach(c => _gate.Enter(c));

        Assert.False(IsAborted(elsewhere));
        Assert.False(IsAborted(honest));
        Assert.Equal(HandshakeGate.PendingOnLinkMax, own.Count(static c => !IsAborted(c)));
        Assert.Equal(HandshakeGate.PendingOnLinkMax + 1, _gate.PendingCount);
    }

    [Fact]
    public void A_handshake_that_ended_frees_its_place_once()
    {
        var first = _gate.Enter(Connection("192.0.2.1"));
        _gate.Enter(Connection("192.0.2.1"));

        first.Dispose();
        first.Dispose();

        Assert.Equal(1, _gate.PendingCount);
    }

    [Fact]
    public void An_evicted_handshake_that_ends_later_takes_no_one_elses_place()
    {
        var evicted = _gate.Enter(Connection("192.0.2.1"));
        for (var index = 0; index < HandshakeGate.PendingPerSourceMax; index++)
        {
            _gate.Enter(Connection("192.0.2.1"));
        }

        evicted.Dispose();

        Assert.Equal(HandshakeGate.PendingPerSourceMax, _gate.PendingCount);
    }

    private static MemoryConnection Connection(string host) =>
        MemoryConnection.Pair(PeerAddress.Parse("memory:here"), PeerAddress.Parse($"tcp://{host}:1")).Near;

    private static bool IsAborted(MemoryConnection connection)
    {
        try
        {
            connection.Input.TryRead(out _);
            return false;
        }
        catch (TransportException)
        {
            return true;
        }
    }
}
