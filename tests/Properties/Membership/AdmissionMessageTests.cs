using System.Buffers;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Peer.Membership;
using Replica.Tests.Properties.Golden;
using Replica.Transport.Noise;
using Xunit;

namespace Replica.Tests.Properties.Membership;

public sealed class AdmissionMessageTests
{
    private const int Mutations = 20_000;
    private const int Seed = 20_240;

    [Fact]
    public void An_open_has_the_bytes_on_record()
    {
        var opener = new Side(NoiseRole.Initiator).WithSpace();

        opener.Session.Open(Members.Space);

        GoldenFile.Verify("admission-open", opener.Sent.Dequeue(),
            (1, "array of 3"), (1, "16: open"), (2, "32 bytes"), (32, "tag: initiator, space 51…, secret 5e…, hash 48…"),
            (2, "32 bytes"), (32, "proof of the same"));
    }

    [Fact]
    public void An_opened_has_the_bytes_on_record()
    {
        var opener = new Side(NoiseRole.Initiator).WithSpace();
        var answerer = new Side(NoiseRole.Responder).WithSpace();

        opener.Session.Open(Members.Space);
        answerer.Session.OnMessage(opener.Next());

        GoldenFile.Verify("admission-opened", answerer.Sent.Dequeue(),
            (1, "array of 2"), (1, "17: opened"), (2, "32 bytes"), (32, "proof: responder, space 51…, secret 5e…, hash 48…"));
    }

    [Fact]
    public void A_join_has_the_bytes_on_record()
    {
        var newcomer = new Side(NoiseRole.Initiator);
        using var ticket = Members.Ticket();

        newcomer.Session.Join(ticket, "tablet");

        GoldenFile.Verify("admission-join", newcomer.Sent.Dequeue(),
            (1, "array of 4"), (1, "20: join"), (2, "32 bytes"), (32, "tag: initiator, space 51…, invitation seed 1e…, hash 48…"),
            (1, "text of 6"), (6, "name: tablet"), (2, "64 bytes"), (64, "invitation's signature over space, invitation, device seed a1…"));
    }

    [Fact]
    public void A_welcome_has_the_bytes_on_record() =>
        GoldenFile.Verify("admission-welcome", Encode(new AdmissionMessage.Welcome(Members.Secret())),
            (1, "array of 2"), (1, "21: welcome"), (2, "32 bytes"), (32, "space secret"));

    [Fact]
    public void The_short_answers_have_the_bytes_on_record()
    {
        Assert.Equal([0x91, 18], Encode(new AdmissionMessage.Unknown()));
        Assert.Equal([0x91, 19], Encode(new AdmissionMessage.Duplicate()));
        Assert.Equal([0x91, 22], Encode(new AdmissionMessage.Expired()));
        Assert.Equal([0x91, 23], Encode(new AdmissionMessage.UsedUp()));
        Assert.Equal([0x91, 24], Encode(new AdmissionMessage.Cancelled()));
    }

    [Fact]
    public void Every_message_is_read_back_to_the_same_bytes() =>
        Assert.All(Samples(), bytes => Assert.Equal(bytes, Encode(AdmissionMessageCodec.Read(bytes))));

    [Fact]
    public void D2_a_message_cut_anywhere_or_with_more_behind_it_is_refused() =>
        Assert.All(Samples(), bytes =>
        {
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.Throws<EncodingException>(() => AdmissionMessageCodec.Read(bytes.AsSpan(0, length)));
            }

            Assert.Throws<EncodingException>(() => AdmissionMessageCodec.Read([.. bytes, 0]));
        });

    [Fact]
    public void A_mutated_message_is_refused_or_has_one_encoding()
    {
        var chance = new Random(Seed);
        var samples = Samples();
        for (var i = 0; i < Mutations; i++)
        {
            var bytes = samples[chance.Next(samples.Length)].ToArray();
            bytes[chance.Next(Math.Min(bytes.Length, 8))] = (byte)chance.Next(256);
            bytes[chance.Next(bytes.Length)] = (byte)chance.Next(256);

            Assert.True(Read(bytes) is not { } message || Encode(message).SequenceEqual(bytes),
                $"Seed {Seed}, mutation {i}: {Convert.ToHexString(bytes)} is read and has another encoding.");
        }
    }

    [Fact]
    public void D2_a_message_longer_than_any_is_refused_before_it_is_looked_at()
    {
        var error = Assert.Throws<EncodingException>(() => AdmissionMessageCodec.Read(new byte[AdmissionMessageCodec.BodyBytesMax + 1]));

        Assert.Contains($"at most {AdmissionMessageCodec.BodyBytesMax}", error.Message);
    }

    [Fact]
    public void The_longest_name_fits_and_a_longer_one_is_refused()
    {
        var longest = Encode(new AdmissionMessage.Join(default, new string('x', 256), new(new byte[SignatureBytes.Size])));

        Assert.Equal(AdmissionMessageCodec.BodyBytesMax, longest.Length);
        _ = Assert.IsType<AdmissionMessage.Join>(AdmissionMessageCodec.Read(longest));
        Assert.Throws<EncodingException>(
            () => Encode(new AdmissionMessage.Join(default, new string('x', 257), new(new byte[SignatureBytes.Size]))));
    }

    [Theory]
    [InlineData("9110")] // open without tag and proof
    [InlineData("9119")] // number 25
    [InlineData("9120")] // number 32: synchronisation
    [InlineData("910f")]
    [InlineData("91cc12")] // 18 in a longer form
    [InlineData("dc000112")] // the array head in a longer form
    [InlineData("90")]
    [InlineData("c0")]
    [InlineData("ddffffffff")]
    [InlineData("9215c6ffffffff")] // welcome of 4 GiB
    [InlineData("92ff00")]
    public void D2_what_is_no_admission_message_is_refused(string hex) =>
        Assert.Throws<EncodingException>(() => AdmissionMessageCodec.Read(Convert.FromHexString(hex)));

    private static AdmissionMessage? Read(byte[] bytes)
    {
        try
        {
            return AdmissionMessageCodec.Read(bytes);
        }
        catch (EncodingException)
        {
            return null;
        }
    }

    private static byte[][] Samples() =>
    [
        Encode(new AdmissionMessage.Open(new(Members.Space.Value), new(Members.OtherSpace.Value))),
        Encode(new AdmissionMessage.Opened(new(Members.Space.Value))),
        Encode(new AdmissionMessage.Unknown()),
        Encode(new AdmissionMessage.Duplicate()),
        Encode(new AdmissionMessage.Join(new(Members.Space.Value), "tablet é", new(Members.Repeat(7, SignatureBytes.Size)))),
        Encode(new AdmissionMessage.Welcome(Members.Secret())),
        Encode(new AdmissionMessage.Expired()),
        Encode(new AdmissionMessage.UsedUp()),
        Encode(new AdmissionMessage.Cancelled()),
    ];

    private static byte[] Encode(AdmissionMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        AdmissionMessageCodec.Write(buffer, message);
        return buffer.WrittenSpan.ToArray();
    }
}
