using Replica.Transport;
using Xunit;

namespace Replica.Tests.Properties.Transport;

/// <summary>Addresses with and without the device that is due there.</summary>
public sealed class PeerTargetTests
{
    private static readonly string s_key = new string('0', 62) + "2f";

    [Theory]
    [InlineData("tcp://", "192.0.2.1:7400")]
    [InlineData("wss://", "peer.example/path")]
    [InlineData("tcp://", "[2001:db8::1]:7400")]
    public void A_key_stands_before_the_host_and_comes_back(string scheme, string rest)
    {
        Assert.True(PeerTarget.TryParse($"{scheme}{s_key}@{rest}", out var target, out var error), error);

        Assert.Equal(s_key, target.Device.ToString());
        Assert.Equal(PeerAddress.Parse(scheme + rest), target.Address);
        Assert.True(PeerTarget.TryParse(target.ToString(), out var again, out _));
        Assert.Equal(target, again);
    }

    [Fact]
    public void An_address_alone_takes_whoever_answers()
    {
        Assert.True(PeerTarget.TryParse("tcp://192.0.2.1:7400", out var target, out _));

        Assert.Null(target.Device);
        Assert.Equal("tcp://192.0.2.1:7400", target.ToString());
    }

    [Theory]
    [InlineData("tcp://@192.0.2.1:7400")]
    [InlineData("tcp://abc@192.0.2.1:7400")]
    [InlineData("tcp://zz00000000000000000000000000000000000000000000000000000000000000@192.0.2.1:7400")]
    [InlineData("tcp://000000000000000000000000000000000000000000000000000000000000002f@")]
    [InlineData("000000000000000000000000000000000000000000000000000000000000002f@192.0.2.1:7400")]
    [InlineData(null)]
    public void What_is_no_key_and_no_address_is_refused(string? text)
    {
        Assert.False(PeerTarget.TryParse(text, out _, out var error));

        Assert.NotEmpty(error);
    }
}
