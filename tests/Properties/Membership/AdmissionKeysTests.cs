using Replica.Peer.Membership;
using Replica.Tests.Properties.Golden;
using Replica.Transport.Crypto;
using Replica.Transport.Noise;
using Xunit;

namespace Replica.Tests.Properties.Membership;

public sealed class AdmissionKeysTests
{
    [Fact]
    public void Fixed_keys_give_the_derivations_on_record()
    {
        using var secret = Members.Secret();
        using var invitation = Members.Invitation();
        using var device = Members.Initiator();
        var members = new byte[AdmissionKeys.KeyBytes];
        var invited = new byte[AdmissionKeys.KeyBytes];
        AdmissionKeys.DeriveForMembers(SigningLabels.Admit, Members.Space, secret, members);
        AdmissionKeys.DeriveForInvited(SigningLabels.JoinTag, Members.Space, invitation.Key, invited);
        var (tag, proof) = AdmissionKeys.OpenPair(Members.Space, secret, NoiseRole.Responder, Members.HandshakeHash);
        var join = AdmissionKeys.JoinTag(Members.Space, invitation.Key, NoiseRole.Responder, Members.HandshakeHash);

        byte[] all =
        [
            .. members, .. tag.Value.ToArray(), .. proof.Value.ToArray(), .. invitation.Key.ToArray(), .. invited,
            .. join.Value.ToArray(), .. Convert.FromHexString(secret.Check.ToString()), .. device.PublicKey.ToArray(),
            .. invitation.Sign(Members.Space, device.PublicKey).Bytes.Span,
        ];

        GoldenFile.Verify("admission-keys", all,
            (32, "K(replica/admit/1): secret 5e…, space 51…, epoch 0"), (32, "open tag of the responder, hash 48…"),
            (32, "open proof of the responder"), (32, "invitation public key of seed 1e…"), (32, "J(replica/join-tag/1)"),
            (32, "join tag of the responder"), (16, "secret check"), (32, "device key of seed a1…"), (64, "signature that admits it"));
    }

    [Fact]
    public void Each_label_space_and_secret_gives_a_key_of_its_own()
    {
        using var secret = Members.Secret();
        using var other = Members.OtherSecret();
        var keys = Enumerable.Range(0, 4).Select(_ => new byte[AdmissionKeys.KeyBytes]).ToArray();

        AdmissionKeys.DeriveForMembers(SigningLabels.Admit, Members.Space, secret, keys[0]);
        AdmissionKeys.DeriveForMembers(SigningLabels.Lan, Members.Space, secret, keys[1]);
        AdmissionKeys.DeriveForMembers(SigningLabels.Admit, Members.OtherSpace, secret, keys[2]);
        AdmissionKeys.DeriveForMembers(SigningLabels.Admit, Members.Space, other, keys[3]);

        Assert.Equal(4, keys.Select(Convert.ToHexString).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void I4_no_secret_is_in_any_text()
    {
        using var secret = Members.Secret();
        using var ticket = Members.Ticket("tcp://192.0.2.1:7000");
        using var invitation = Members.Invitation();
        var pending = new PendingJoin(ticket, "tablet");
        object[] all =
        [
            secret, ticket, invitation, pending, new StoredSecret(Members.Space, secret), new AdmissionMessage.Welcome(secret),
            new AdmissionProof(Replica.Crdt.Causality.Bytes32.FromBytes(secret.Bytes)),
            new AdmissionMessage.Opened(new(Replica.Crdt.Causality.Bytes32.FromBytes(secret.Bytes))),
        ];
        var hidden = new[] { "5e5e", "1e1e", ticket.ToText()[8..40], Convert.ToBase64String(secret.Bytes)[..8] };

        Assert.All(all, item => Assert.All(
            hidden, part => Assert.DoesNotContain(part, item.ToString(), StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public void A_disposed_secret_is_gone()
    {
        var secret = Members.Secret();
        var bytes = secret.Bytes;

        secret.Dispose();

        Assert.Equal(new byte[SpaceSecret.Size], bytes.ToArray());
        Assert.Throws<ObjectDisposedException>(() => secret.Copy());
    }
}
