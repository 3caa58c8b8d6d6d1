using System.Buffers;
using System.Text;
using Replica.Testing.Vectors;
using Replica.Transport.Crypto;
using Replica.Transport.Noise;
using Xunit;

namespace Replica.Tests.Properties.Transport;

/// <summary>The handshake as bytes in and bytes out, without a connection.</summary>
public sealed class HandshakeTests
{
    [Fact]
    public void The_handshake_has_the_sizes_on_record_and_agrees()
    {
        using var world = new HandshakeWorld();

        var first = world.Start();
        var second = world.Respond(first);
        var third = world.Initiate(second);

        Assert.Equal((10 + 2 + 32, 2 + 192, 2 + 160), (first.Length, second.Length, third.Length));
        Assert.Equal("replica/1\n\0\x20", Encoding.Latin1.GetString(first.AsSpan(0, 12)));
        Assert.Empty(world.Respond(third));
        var (one, other) = (world.Initiator.Finish(), world.Responder.Finish());
        Assert.Equal(one.HandshakeHash.ToArray(), other.HandshakeHash.ToArray());
        Assert.Equal(world.ResponderDevice.PublicKey, one.RemoteDevice);
        Assert.Equal(world.InitiatorDevice.PublicKey, other.RemoteDevice);
    }

    [Fact]
    public void The_handshake_works_when_it_comes_byte_by_byte()
    {
        using var world = new HandshakeWorld();

        var second = world.Start().SelectMany(b => world.Respond([b])).ToArray();
        var third = second.SelectMany(b => world.Initiate([b])).ToArray();
        var rest = third.SelectMany(b => world.Respond([b])).ToArray();

        Assert.Empty(rest);
        Assert.True(world.ResponderComplete && world.InitiatorComplete);
    }

    [Fact]
    public void What_follows_the_handshake_is_left_for_the_session()
    {
        using var world = new HandshakeWorld();
        var third = world.Initiate(world.Respond(world.Start()));

        world.Respond([.. third, 1, 2, 3]);

        Assert.True(world.ResponderComplete);
        Assert.Equal([1, 2, 3], world.ResponderRest);
    }

    [Fact]
    public void D1_a_handshake_cut_at_any_byte_waits_and_answers_nothing()
    {
        var whole = new HandshakeWorld().Start();
        for (var length = 0; length < whole.Length; length++)
        {
            using var world = new HandshakeWorld();

            Assert.Empty(world.Respond(whole[..length]));
            Assert.False(world.ResponderComplete);
        }
    }

    [Fact]
    public void S6_a_preamble_changed_in_any_bit_gets_no_session_and_no_answer()
    {
        for (var bit = 0; bit < Preamble.SizeBytes * 8; bit++)
        {
            using var world = new HandshakeWorld();
            var first = world.Start();
            first[bit / 8] ^= (byte)(1 << (bit % 8));

            var refused = Assert.Throws<HandshakeException>(() => world.Respond(first));

            Assert.Contains(refused.Failure, new[] { HandshakeFailure.NotAReplica, HandshakeFailure.OtherVersion });
            Assert.Equal(0, world.ResponderSent);
        }
    }

    [Theory]
    [InlineData("replica/2\n", "2")]
    [InlineData("replica/10\n", "10")]
    [InlineData("replica/0\n", "0")]
    public void S6_another_version_is_named_and_refused(string preamble, string version)
    {
        using var world = new HandshakeWorld();

        var refused = Assert.Throws<HandshakeException>(() => world.Respond(Encoding.ASCII.GetBytes(preamble)));

        Assert.Equal((HandshakeFailure.OtherVersion, version), (refused.Failure, refused.OtherVersion));
    }

    [Theory]
    [InlineData("G")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002")]
    [InlineData("SSH-2.0-x\r\n")]
    [InlineData("replica/\n\n")]
    [InlineData("replica/\u001b[")]
    public void S1_a_stranger_is_refused_at_its_first_wrong_byte_without_an_answer(string bytes)
    {
        using var world = new HandshakeWorld();

        var refused = Assert.Throws<HandshakeException>(() => world.Respond(Encoding.Latin1.GetBytes(bytes)));

        Assert.Equal(HandshakeFailure.NotAReplica, refused.Failure);
        Assert.Equal(0, world.ResponderSent);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(65_535)]
    public void D2_a_first_message_of_another_length_is_refused_at_its_length(int length)
    {
        using var world = new HandshakeWorld();
        byte[] bytes = [.. Preamble.Bytes, (byte)(length >> 8), (byte)(length & 0xff)];

        var refused = Assert.Throws<HandshakeException>(() => world.Respond(bytes));

        Assert.Equal(HandshakeFailure.BadMessage, refused.Failure);
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")]
    [InlineData("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    public void S5_an_all_zero_DH_result_ends_the_handshake(string ephemeral)
    {
        using var world = new HandshakeWorld();

        var refused = Assert.Throws<HandshakeException>(
            () => world.Respond([.. Preamble.Bytes, 0, 32, .. Convert.FromHexString(ephemeral)]));

        Assert.Equal(HandshakeFailure.BadMessage, refused.Failure);
        Assert.Equal(0, world.ResponderSent);
    }

    [Fact]
    public void S4_each_flipped_bit_of_the_second_message_is_refused_before_the_third_is_written()
    {
        using var model = new HandshakeWorld();
        var second = model.Respond(model.Start());
        for (var offset = 0; offset < second.Length; offset++)
        {
            using var world = new HandshakeWorld();
            world.Start();
            byte[] changed = [.. second];
            changed[offset] ^= 0x40;

            Assert.Throws<HandshakeException>(() => world.Initiate(changed));
            Assert.Equal(0, world.InitiatorSentAfterStart);
        }
    }

    [Fact]
    public void S4_each_flipped_bit_of_the_third_message_is_refused()
    {
        for (var offset = 0; offset < 162; offset++)
        {
            using var world = new HandshakeWorld();
            var third = world.Initiate(world.Respond(world.Start()));
            third[offset] ^= 0x01;

            Assert.Throws<HandshakeException>(() => world.Respond(third));
        }
    }

    [Fact]
    public void S2_another_device_than_the_dialled_one_learns_nothing()
    {
        using var expected = TestKeys.Device(9);
        using var world = new HandshakeWorld(expected.PublicKey);
        var second = world.Respond(world.Start());

        var refused = Assert.Throws<HandshakeException>(() => world.Initiate(second));

        Assert.Equal(HandshakeFailure.WrongDevice, refused.Failure);
        Assert.Equal(0, world.InitiatorSentAfterStart);
    }

    [Fact]
    public void S3_a_device_key_without_its_private_half_gets_no_session() => AssertProofRefused(
        (noiseStatic, payload) =>
        {
            using var own = TestKeys.Device(7);
            StaticKeyProof.Write(own, NoiseRole.Responder, noiseStatic, payload);
            TestKeys.Device(2).PublicKey.CopyTo(payload);
        });

    [Fact]
    public void S4_a_proof_for_another_session_key_is_refused() => AssertProofRefused(
        (_, payload) =>
        {
            using var other = TestKeys.Exchange(99);
            using var own = TestKeys.Device(2);
            StaticKeyProof.Write(own, NoiseRole.Responder, other.PublicKey, payload);
        });

    [Fact]
    public void S4_a_proof_of_the_other_role_is_refused() => AssertProofRefused(
        (noiseStatic, payload) =>
        {
            using var own = TestKeys.Device(2);
            StaticKeyProof.Write(own, NoiseRole.Initiator, noiseStatic, payload);
        });

    [Fact]
    public void S9_a_proof_under_another_label_is_refused() => AssertProofRefused(
        (noiseStatic, payload) =>
        {
            using var own = TestKeys.Device(2);
            own.PublicKey.CopyTo(payload);
            own.Sign(SigningLabels.Build(SigningLabels.Head, [1], noiseStatic), payload[32..]);
        });

    [Theory]
    [InlineData("XX", true, HandshakeFailure.BadMessage)]
    [InlineData("NN", false, HandshakeFailure.NotAReplica)]
    public void S6_a_responder_with_another_hash_or_pattern_gets_no_session(
        string pattern, bool blake, HandshakeFailure failure)
    {
        using var world = new HandshakeWorld();
        using var noiseStatic = TestKeys.Exchange(50);
        using var ephemeral = TestKeys.Exchange(51);
        using var state = new HandshakeState(
            HandshakePattern.All.Single(p => p.Name == pattern),
            blake ? Blake2bHash.Instance : Sha256Hash.Instance,
            NoiseRole.Responder,
            Preamble.Bytes,
            new HandshakeKeys { Static = noiseStatic, Ephemeral = ephemeral });
        using var own = TestKeys.Device(2);
        var payload = new byte[StaticKeyProof.SizeBytes];
        StaticKeyProof.Write(own, NoiseRole.Responder, noiseStatic.PublicKey, payload);
        state.ReadMessage(world.Start().AsSpan(12), new byte[32]);
        var message = new byte[2 + HandshakeMachine.SecondBytes];
        message[1] = (byte)state.WriteMessage(payload, message.AsSpan(2));

        var refused = Assert.Throws<HandshakeException>(() => world.Initiate(message));

        Assert.Equal(failure, refused.Failure);
        Assert.Equal(0, world.InitiatorSentAfterStart);
    }

    [Fact]
    public void What_is_signed_is_the_label_a_zero_byte_and_the_fields()
    {
        var text = SigningLabels.Build(SigningLabels.NoiseStatic, [1], [2, 3], [4], [5, 6]);

        Assert.Equal([.. "replica/noise-static/1"u8, 0, 1, 2, 3, 4, 5, 6], text);
    }

    [Fact]
    public void D2_random_bytes_never_get_a_session_or_another_exception()
    {
        const int seed = 20_261;
        var chance = new Random(seed);
        for (var round = 0; round < 500; round++)
        {
            using var world = new HandshakeWorld();
            var bytes = new byte[chance.Next(1, 400)];
            chance.NextBytes(bytes);
            byte[] sent = round % 2 == 0 ? bytes : [.. Preamble.Bytes, 0, 32, .. bytes];

            var failure = Record.Exception(() => world.Respond(sent));

            Assert.True(failure is null or HandshakeException, $"Seed {seed}, round {round}: {failure}");
            Assert.False(world.ResponderComplete, $"Seed {seed}, round {round}: a session with noise.");
        }
    }

    private delegate void ProofWriter(ReadOnlySpan<byte> noiseStatic, Span<byte> payload);

    /// <summary>A responder that is honest in Noise but sends the payload that <paramref name="write"/> makes.</summary>
    private static void AssertProofRefused(ProofWriter write)
    {
        using var world = new HandshakeWorld();
        using var noiseStatic = TestKeys.Exchange(50);
        using var ephemeral = TestKeys.Exchange(51);
        using var state = new HandshakeState(
            HandshakePattern.XX,
            Sha256Hash.Instance,
            NoiseRole.Responder,
            Preamble.Bytes,
            new HandshakeKeys { Static = noiseStatic, Ephemeral = ephemeral });
        var payload = new byte[StaticKeyProof.SizeBytes];
        write(noiseStatic.PublicKey, payload);
        state.ReadMessage(world.Start().AsSpan(12), new byte[32]);
        var second = new byte[2 + HandshakeMachine.SecondBytes];
        second[1] = HandshakeMachine.SecondBytes;
        state.WriteMessage(payload, second.AsSpan(2));

        var refused = Assert.Throws<HandshakeException>(() => world.Initiate(second));

        Assert.Equal(HandshakeFailure.BadSignature, refused.Failure);
        Assert.Equal(0, world.InitiatorSentAfterStart);
    }
}
