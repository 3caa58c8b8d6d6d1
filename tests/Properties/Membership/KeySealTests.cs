using Replica.Crdt.Causality;
using Replica.Peer.Membership;
using Replica.Transport.Crypto;
using Xunit;

namespace Replica.Tests.Properties.Membership;

/// <summary>Keys under a passphrase.</summary>
public sealed class KeySealTests
{
    private static readonly SpaceId Space = new(new(1, 2));

    [Fact]
    public void I6_sealed_keys_open_under_their_passphrase_alone_and_show_nothing()
    {
        using var device = DeviceKeyPair.Create();
        using var secret = SpaceSecret.Create();
        using var passphrase = Passphrase.FromText("correct horse");
        using var wrong = Passphrase.FromText("correct horsf");

        var box = KeySeal.Seal(passphrase, device, Space, secret);

        var seed = new byte[DeviceKeyPair.SeedSizeBytes];
        device.ExportSeed(seed);
        Assert.Equal(-1, box.AsSpan().IndexOf(seed));
        Assert.Equal(-1, box.AsSpan().IndexOf(secret.Bytes));
        Assert.NotEqual(box, KeySeal.Seal(passphrase, device, Space, secret));
        var (opened, stored) = KeySeal.Open(passphrase, box);
        using (opened)
        using (stored)
        {
            Assert.Equal(device.PublicKey, opened.PublicKey);
            Assert.Equal(Space, stored.Space);
            Assert.True(secret.FixedTimeEquals(stored.Secret));
        }

        Assert.Equal(MembershipException.PassphraseWrong, Assert.Throws<MembershipException>(() => KeySeal.Open(wrong, box)).Code);
        Assert.Equal("passphrase (hidden)", passphrase.ToString());
    }

    [Fact]
    public void F7_a_sealed_box_that_is_changed_or_cut_does_not_open()
    {
        using var device = DeviceKeyPair.Create();
        using var secret = SpaceSecret.Create();
        using var passphrase = Passphrase.FromText("correct horse");
        var box = KeySeal.Seal(passphrase, device, Space, secret);

        foreach (var at in new[] { 0, 4, 6, 22, 34, 40, 100, box.Length - 1 })
        {
            var changed = box.ToArray();
            changed[at] ^= 1;
            Assert.Throws<MembershipException>(() => KeySeal.Open(passphrase, changed));
        }

        // As many iterations as would keep a reader busy for hours are not begun.
        var slow = box.ToArray();
        slow[1] = 0x7f;
        Assert.Throws<MembershipException>(() => KeySeal.Open(passphrase, slow));
        Assert.Throws<MembershipException>(() => KeySeal.Open(passphrase, box.AsSpan(0, box.Length - 1)));
        Assert.Throws<MembershipException>(() => KeySeal.Open(passphrase, []));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    public void A_passphrase_that_is_tried_out_in_no_time_is_refused(string text) => Assert.Equal(
        MembershipException.PassphraseInvalid, Assert.Throws<MembershipException>(() => Passphrase.FromText(text)).Code);
}
