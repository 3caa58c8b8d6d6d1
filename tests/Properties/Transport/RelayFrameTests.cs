using System.Buffers;
using Replica.Tests.Properties.Golden;
using Replica.Transport;
using Replica.Transport.Crypto;
using Replica.Transport.Relay;
using Xunit;

namespace Replica.Tests.Properties.Transport;

/// <summary>The frames between devices and relays: bytes on record, and what is refused.</summary>
public sealed class RelayFrameTests
{
    private static readonly byte[] Tag = [.. Enumerable.Range(1, 32).Select(static i => (byte)i)];
    private static readonly byte[] Ticket = [.. Enumerable.Range(0xa0, 16).Select(static i => (byte)i)];
    private static readonly DeviceKey Key = DeviceKey.FromBytes([.. Enumerable.Range(0x40, 32).Select(static i => (byte)i)]);

    public static RelayFrame[] All { get; } =
    [
        new RelayFrame.Hello(1_700_000_000_000, Tag),
        new RelayFrame.Auth(Key, Tag, new byte[64]),
        new RelayFrame.Ready(),
        new RelayFrame.Listen(),
        new RelayFrame.Listening(),
        new RelayFrame.Dial(Key),
        new RelayFrame.Incoming(Ticket, Key),
        new RelayFrame.Accept(Ticket),
        new RelayFrame.Opened(),
        new RelayFrame.Announce(Tag, 7200, new byte[] { 1, 2, 3 }),
        new RelayFrame.Announced(),
        new RelayFrame.Lookup(Tag),
        new RelayFrame.Found([new byte[] { 1, 2, 3 }, new byte[] { 4 }]),
        new RelayFrame.Ping(7),
        new RelayFrame.Pong(7),
        new RelayFrame.Leaving(5),
        new RelayFrame.Refused(RelayRefusal.NobodyListens, 10),
    ];

    [Fact]
    public void Frames_have_the_bytes_on_record()
    {
        GoldenFile.Verify("relay-hello", Bytes(All[0]), (1, "1: hello"), (2, "length of the body: 41"), (1, "version 1"),
            (8, "the relay's clock: 1,700,000,000,000 ms since 1970"), (32, "challenge"));
        GoldenFile.Verify("relay-auth", Bytes(All[1]), (1, "2: auth"), (2, "length of the body: 128"), (32, "routing key"),
            (32, "nonce"), (64, "signature (zeros here)"));
        GoldenFile.Verify("relay-dial", Bytes(All[5]), (1, "6: dial"), (2, "length of the body: 32"), (32, "routing key"));
        GoldenFile.Verify("relay-incoming", Bytes(All[6]), (1, "7: incoming"), (2, "length of the body: 48"), (16, "ticket"), (32, "routing key"));
        GoldenFile.Verify("relay-accept", Bytes(All[7]), (1, "8: accept"), (2, "length of the body: 16"), (16, "ticket"));
        GoldenFile.Verify("relay-announce", Bytes(All[9]), (1, "10: announce"), (2, "length of the body: 39"), (32, "tag"),
            (2, "holds for 7,200 s"), (2, "length of the sealed entry: 3"), (3, "sealed entry"));
        GoldenFile.Verify("relay-found", Bytes(All[12]), (1, "13: found"), (2, "length of the body: 9"), (1, "2 entries"),
            (2, "length: 3"), (3, "sealed entry"), (2, "length: 1"), (1, "sealed entry"));
        GoldenFile.Verify("relay-refused", Bytes(All[16]), (1, "19: refused"), (2, "length of the body: 3"), (1, "3: nobody listens"),
            (2, "may be asked again after 10 s"));
        GoldenFile.Verify("relay-auth-text", RelayAuth.Text("relay.example:443", Tag, new byte[32]),
            (20, "label replica/relay-auth/1"), (1, "zero"), (1, "length of the authority: 17"), (17, "relay.example:443"),
            (32, "challenge"), (32, "nonce (zeros here)"));
    }

    [Fact]
    public void Every_frame_reads_back_and_no_cut_or_longer_one_does()
    {
        foreach (var frame in All)
        {
            var bytes = Bytes(frame);
            Assert.Equal(bytes, Bytes(RelayFrameCodec.Read(bytes[0], bytes.AsMemory(3))));
            for (var length = 3; length < bytes.Length; length++)
            {
                Assert.Throws<RelayException>(() => RelayFrameCodec.Read(bytes[0], bytes.AsMemory(3, length - 3)));
            }

            Assert.Throws<RelayException>(() => RelayFrameCodec.Read(bytes[0], new byte[bytes.Length + 1]));
        }
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(16, "")]
    [InlineData(20, "")]
    [InlineData(19, "000000")]
    [InlineData(19, "090000")]
    [InlineData(13, "41")]
    [InlineData(13, "010000")]
    public void What_is_no_frame_is_refused(byte number, string hex) =>
        Assert.Throws<RelayException>(() => RelayFrameCodec.Read(number, Convert.FromHexString(hex)));

    [Fact]
    public void A_device_has_another_routing_key_on_each_relay_and_always_the_same_on_one()
    {
        using var device = DeviceKeyPair.FromSeed(Tag);
        using var one = RelayAuth.RoutingKey(device, "relay.example:443");
        using var again = RelayAuth.RoutingKey(device, "relay.example:443");
        using var other = RelayAuth.RoutingKey(device, "relay.example:444");

        Assert.Equal(one.PublicKey, again.PublicKey);
        Assert.NotEqual(one.PublicKey, other.PublicKey);
        Assert.NotEqual(device.PublicKey, one.PublicKey);
        GoldenFile.VerifyText("relay-routing-key.txt", $"seed {Convert.ToHexStringLower(Tag)}\nrelay.example:443 {one.PublicKey}\n");
    }

    private static byte[] Bytes(RelayFrame frame)
    {
        var output = new ArrayBufferWriter<byte>();
        RelayFrameCodec.Write(output, frame);
        return output.WrittenSpan.ToArray();
    }
}
