using System.Net;
using Replica.Peer.Net;
using Replica.Transport;
using Xunit;

namespace Replica.Tests.Properties.Net;

/// <summary>Which sessions a change of the interfaces has ended.</summary>
public sealed class LocalAddressTests
{
    private static readonly HashSet<IPAddress> s_usable = [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("fe80::1"), IPAddress.Loopback];

    [Theory]
    [InlineData("192.0.2.1", "tcp://192.0.2.9:1", false)]
    [InlineData("::ffff:192.0.2.1", "tcp://192.0.2.9:1", false)]
    [InlineData("fe80::1%7", "tcp://[fe80::9]:1", false)]
    [InlineData("192.0.2.2", "tcp://192.0.2.9:1", true)]
    [InlineData("192.0.2.2", "tcp://peer.example:1", true)]
    [InlineData("192.0.2.2", "tcp://192.0.2.2:1", false)]
    [InlineData("192.0.2.2", "ws://192.0.2.9:1/", true)]
    [InlineData(null, "tcp://192.0.2.9:1", false)]
    public void A_stream_is_lost_when_its_address_is_on_no_interface_that_is_up(string? local, string remote, bool isLost) =>
        Assert.Equal(isLost, LocalAddresses.IsLost(s_usable, local is null ? null : IPAddress.Parse(local), PeerAddress.Parse(remote)));

    [Fact]
    public void What_this_machine_uses_now_is_usable() => Assert.Contains(IPAddress.Loopback, LocalAddresses.FindUsable());
}
