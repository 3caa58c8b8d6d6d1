using Replica.Transport;
using Xunit;

namespace Replica.Tests.Properties.Transport;

public sealed class PeerAddressTests
{
    [Theory]
    [InlineData("tcp://192.0.2.1:7000", "tcp://192.0.2.1:7000")]
    [InlineData("TCP://Some-Host.Example:7000", "tcp://some-host.example:7000")]
    [InlineData("tcp://[2001:DB8:0::1]:7000", "tcp://[2001:db8::1]:7000")]
    [InlineData("tcp://[::ffff:192.0.2.1]:7000", "tcp://192.0.2.1:7000")]
    [InlineData("tcp://127.0.0.1:0", "tcp://127.0.0.1:0")]
    [InlineData("tcp://*:7400", "tcp://[::]:7400")]
    [InlineData("tcp://[FE80::1%02]:7000", "tcp://[fe80::1%2]:7000")]
    [InlineData("tcp://[FE80::1%Wlan_0.5-a]:7000", "tcp://[fe80::1%Wlan_0.5-a]:7000")]
    [InlineData("tcp://[fe80::1]:7000", "tcp://[fe80::1]:7000")]
    [InlineData("memory:Alpha_1", "memory:Alpha_1")]
    [InlineData("ws://Peer.Example/replica", "ws://peer.example:80/replica")]
    [InlineData("WSS://[2001:DB8::1]", "wss://[2001:db8::1]:443/")]
    [InlineData("relay+wss://Relay.Example/#00000000000000000000000000000000000000000000000000000000000000AB",
        "relay+wss://relay.example:443/#00000000000000000000000000000000000000000000000000000000000000ab")]
    public void An_address_reads_back_from_its_canonical_text(string text, string canonical)
    {
        var address = PeerAddress.Parse(text);

        Assert.Equal(canonical, address.ToString());
        Assert.Equal(address, PeerAddress.Parse(canonical));
        Assert.Equal(address.GetHashCode(), PeerAddress.Parse(canonical).GetHashCode());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("192.0.2.1:7000")]
    [InlineData("http://192.0.2.1:7000")]
    [InlineData("tcp://192.0.2.1")]
    [InlineData("tcp://192.0.2.1:")]
    [InlineData("tcp://192.0.2.1:65536")]
    [InlineData("tcp://192.0.2.1:-1")]
    [InlineData("tcp://192.0.2.1:+1")]
    [InlineData("tcp://192.0.2.1:70/x")]
    [InlineData("tcp://user@host:70")]
    [InlineData("tcp://:70")]
    [InlineData("tcp://127.1:70")]
    [InlineData("tcp://999.0.0.1:70")]
    [InlineData("tcp://2001:db8::1:70")]
    [InlineData("tcp://[192.0.2.1]:70")]
    [InlineData("tcp://[::1:70")]
    [InlineData("tcp://[fe80::1%]:70")]
    [InlineData("tcp://[fe80::1%0]:70")]
    [InlineData("tcp://[fe80::1%a b]:70")]
    [InlineData("tcp://[fe80::1%eth0%1]:70")]
    [InlineData("tcp://[fe80::1%25eth0/]:70")]
    [InlineData("tcp://[fe80::1%abcdefghijklmnop]:70")]
    [InlineData("tcp://[2001:db8::1%2]:70")]
    [InlineData("tcp://**:70")]
    [InlineData("tcp://a\nb:70")]
    [InlineData("tcp://h\u00f6st:70")]
    [InlineData("ws://")]
    [InlineData("ws://a/b?c")]
    [InlineData("wss://a:b/")]
    [InlineData("wss://user@a/")]
    [InlineData("relay+wss://relay.example/")]
    [InlineData("relay+wss://relay.example/#ab")]
    [InlineData("relay+http://relay.example/")]
    [InlineData("memory:")]
    [InlineData("memory:a b")]
    public void What_is_no_address_is_refused_with_a_reason_on_one_line(string? text)
    {
        Assert.False(PeerAddress.TryParse(text, out _, out var error));
        Assert.False(string.IsNullOrWhiteSpace(error));
        Assert.DoesNotContain('\n', error);
    }

    [Fact]
    public void D2_an_endless_address_is_refused_by_its_length()
    {
        Assert.False(PeerAddress.TryParse("tcp://" + new string('a', 100_000) + ":1", out _, out var error));
        Assert.Contains("300", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcp://192.0.2.1:1", "tcp://192.0.2.1:2", true)]
    [InlineData("tcp://192.0.2.1:1", "tcp://192.0.2.2:1", false)]
    [InlineData("tcp://[2001:db8::1]:1", "tcp://[2001:db8::ffff:2]:9", true)]
    [InlineData("tcp://[2001:db8:0:1::1]:1", "tcp://[2001:db8:0:2::1]:1", false)]
    [InlineData("tcp://[fe80::1%2]:1", "tcp://[fe80::2%2]:1", false)]
    [InlineData("tcp://[fe80::1%2]:1", "tcp://[fe80::1%3]:1", false)]
    [InlineData("tcp://[fe80::1%2]:1", "tcp://[fe80::1%2]:2", true)]
    public void Limits_count_a_host_or_an_IPv6_network_as_one_source(string one, string other, bool same) =>
        Assert.Equal(same, PeerAddress.Parse(one).Source == PeerAddress.Parse(other).Source);

    [Theory]
    [InlineData("tcp://[fe80::1%2]:1", true)]
    [InlineData("tcp://[fe80::1%eth0]:1", true)]
    [InlineData("ws://[febf::1]:1", true)]
    [InlineData("relay+ws://[fe80::1%2]:1/#00000000000000000000000000000000000000000000000000000000000000ab", true)]
    [InlineData("tcp://[fd00::1]:1", false)]
    [InlineData("tcp://169.254.0.1:1", false)]
    [InlineData("tcp://fe80.example:1", false)]
    [InlineData("memory:a", false)]
    public void A_link_local_address_is_one_of_this_computer_alone(string address, bool isOnLink) =>
        Assert.Equal(isOnLink, PeerAddress.Parse(address).IsOnLink);

    [Fact]
    public async Task A_link_local_address_is_dialled_on_an_interface_that_is_there_and_on_no_other()
    {
        var transport = new Replica.Transport.Tcp.TcpTransport(TimeProvider.System);

        foreach (var address in new[] { "tcp://[fe80::1]:1", "tcp://[fe80::1%no-such-link]:1" })
        {
            var fault = await Assert.ThrowsAsync<TransportException>(async () => await transport.ConnectAsync(PeerAddress.Parse(address), default));
            Assert.Contains("fe80::1%eth0", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Device_keys_are_ordered_as_their_bytes_and_read_back_from_hex()
    {
        var keys = Enumerable.Range(0, 32).Select(i =>
        {
            var bytes = new byte[32];
            bytes[i] = 0x80;
            return DeviceKey.FromBytes(bytes);
        }).ToList();

        Assert.Equal(keys.AsEnumerable().Reverse(), keys.Order());
        Assert.All(keys, k => Assert.True(DeviceKey.TryParse(k.ToString(), out var back) && back == k));
        Assert.False(DeviceKey.TryParse(new string('g', 64), out _));
        Assert.Throws<ArgumentException>(() => DeviceKey.FromBytes(new byte[31]));
    }
}
