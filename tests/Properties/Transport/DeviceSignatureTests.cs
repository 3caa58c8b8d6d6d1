using System.Numerics;
using System.Security.Cryptography;
using Replica.Transport;
using Replica.Transport.Crypto;
using Xunit;

namespace Replica.Tests.Properties.Transport;

public sealed class DeviceSignatureTests
{
    private const string MixedOrderKey = "6a84d583f06569edb3f5ed77df65544b27d6948b4f0b2cb76f33dd8413b20719";

    private static readonly string[] SmallOrder =
    [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    ];

    public static TheoryData<string> SmallOrderEncodings { get; } = new(SmallOrder);

    [Theory]
    [InlineData(
        "7265706c6963612f686561642f310027",
        "b595604281429bd7aafc93d01ec17e67ab1902a561772338cedcd356930076a8"
        + "0fcb8add2020064ef3565189b879ab4341b15829ded2bc1b0614c4203da49106",
        true)]
    [InlineData(
        "7265706c6963612f686561642f310026",
        "6a618873a3a88a620c6864505b9b89861aff0994b58c695dbcbef603f443512a"
        + "9a836216c032b51ac7cf85da284c9e603bf768205de9d583a0c48c99ddf6ec0d",
        false)]
    public void A_key_of_mixed_order_is_judged_without_the_cofactor(string message, string signature, bool valid)
    {
        var key = Key(MixedOrderKey);

        Assert.Equal(valid, DeviceSignature.Verify(key, Convert.FromHexString(message), Convert.FromHexString(signature)));
    }

    [Fact]
    public void The_first_vector_of_RFC_8032_is_reproduced()
    {
        using var pair = DeviceKeyPair.FromSeed(
            Convert.FromHexString("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));

        Assert.Equal("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", pair.PublicKey.ToString());
        Assert.Equal(
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
            Convert.ToHexStringLower(pair.Sign([])));
    }

    [Theory]
    [MemberData(nameof(SmallOrderEncodings))]
    public void S5_a_small_order_key_has_no_valid_signature(string encoding)
    {
        // R = [a]B and S = a satisfy the equation whenever k is a multiple of the key's order: for 1 message in 8 or more.
        using var pair = TestKeys.Device(6);
        byte[] signature = [.. pair.PublicKey.ToArray(), .. Bytes(Scalar(6) % Order)];

        var accepted = Enumerable.Range(0, 256).Count(i => DeviceSignature.Verify(Key(encoding), [(byte)i], signature));

        Assert.Equal(0, accepted);
        Assert.True(Ed25519Encoding.IsSmallOrder(Convert.FromHexString(encoding)));
    }

    [Fact]
    public void S5_a_signature_with_a_small_order_R_is_refused()
    {
        // R = the neutral point and S = k a satisfy the equation for every message.
        using var pair = TestKeys.Device(6);
        var neutral = Convert.FromHexString(SmallOrder[2]);
        byte[] message = [1, 2, 3];
        var hash = SHA512.HashData([.. neutral, .. pair.PublicKey.ToArray(), .. message]);
        var s = new BigInteger(hash, isUnsigned: true) * Scalar(6) % Order;

        Assert.False(DeviceSignature.Verify(pair.PublicKey, message, [.. neutral, .. Bytes(s)]));
    }

    [Theory]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", false)]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", false)]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", false)]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", true)]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", false)]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000", true)]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000080", false)]
    [InlineData("0200000000000000000000000000000000000000000000000000000000000080", true)]
    [InlineData("ebffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", true)]
    public void Encodings_are_canonical_below_the_prime_and_without_a_sign_on_zero(string encoding, bool canonical) =>
        Assert.Equal(canonical, Ed25519Encoding.IsCanonical(Convert.FromHexString(encoding)));

    [Fact]
    public void S8_a_signature_with_S_raised_by_the_group_order_is_refused()
    {
        using var pair = TestKeys.Device(1);
        byte[] message = [1, 2, 3];
        var signature = pair.Sign(message);
        var raised = (new BigInteger(signature.AsSpan(32), isUnsigned: true) + Order).ToByteArray(isUnsigned: true);

        Assert.True(DeviceSignature.Verify(pair.PublicKey, message, signature));
        Assert.False(DeviceSignature.Verify(pair.PublicKey, message, [.. signature[..32], .. raised]));
        Assert.False(Ed25519Encoding.IsReducedScalar(Bytes(Order)));
        Assert.True(Ed25519Encoding.IsReducedScalar(Bytes(Order - 1)));
    }

    [Fact]
    public void S8_each_flipped_bit_of_signature_key_and_message_is_refused()
    {
        using var pair = TestKeys.Device(2);
        byte[] message = [.. "twelve bytes"u8];
        byte[] all = [.. pair.PublicKey.ToArray(), .. pair.Sign(message), .. message];

        for (var bit = 0; bit < all.Length * 8; bit++)
        {
            all[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(DeviceSignature.Verify(DeviceKey.FromBytes(all.AsSpan(0, 32)), all.AsSpan(96), all.AsSpan(32, 64)));
            all[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void S8_signatures_of_other_lengths_are_refused()
    {
        using var pair = TestKeys.Device(3);
        byte[] longer = [.. pair.Sign([]), 0];

        for (var length = 0; length <= longer.Length; length++)
        {
            Assert.Equal(length == 64, DeviceSignature.Verify(pair.PublicKey, [], longer.AsSpan(0, length)));
        }
    }

    [Fact]
    public void S9_a_signature_over_another_label_is_refused()
    {
        using var pair = TestKeys.Device(4);
        var fields = new byte[33];
        var signature = pair.Sign(SigningLabels.Build(SigningLabels.NoiseStatic, fields));

        Assert.True(DeviceSignature.Verify(
            pair.PublicKey, SigningLabels.Build(SigningLabels.NoiseStatic, fields), signature));
        Assert.False(DeviceSignature.Verify(pair.PublicKey, SigningLabels.Build(SigningLabels.Head, fields), signature));
    }

    [Fact]
    public void A_disposed_pair_signs_nothing()
    {
        var pair = TestKeys.Device(5);
        pair.Dispose();

        Assert.Throws<ObjectDisposedException>(() => pair.Sign([]));
    }

    private static BigInteger Order { get; } =
        BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493");

    /// <summary>The secret scalar of a test device, as RFC 8032 derives it from the seed.</summary>
    private static BigInteger Scalar(byte device)
    {
        var hash = SHA512.HashData([.. Enumerable.Repeat(device, 32)]);
        hash[0] &= 0xf8;
        hash[31] = (byte)((hash[31] & 0x7f) | 0x40);
        return new BigInteger(hash.AsSpan(0, 32), isUnsigned: true);
    }

    private static DeviceKey Key(string hex) => DeviceKey.FromBytes(Convert.FromHexString(hex));

    private static byte[] Bytes(BigInteger value)
    {
        var bytes = new byte[32];
        value.ToByteArray(isUnsigned: true).CopyTo(bytes, 0);
        return bytes;
    }
}
