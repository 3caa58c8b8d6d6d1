using Replica.Crdt.Causality;
using Replica.Peer.Membership;
using Replica.Transport.Crypto;

namespace Replica.Tests.Properties.Membership;

/// <summary>The fixed keys of these tests: each one a byte repeated.</summary>
internal static class Members
{
    public static readonly SpaceId Space = SpaceId.FromBytes(Repeat(0x51));
    public static readonly SpaceId OtherSpace = SpaceId.FromBytes(Repeat(0x52));
    public static readonly byte[] HandshakeHash = Repeat(0x48);

    public static SpaceSecret Secret() => SpaceSecret.FromBytes(Repeat(0x5e));

    public static SpaceSecret OtherSecret() => SpaceSecret.FromBytes(Repeat(0x5f));

    public static DeviceKeyPair Initiator() => DeviceKeyPair.FromSeed(Repeat(0xa1));

    public static DeviceKeyPair Responder() => DeviceKeyPair.FromSeed(Repeat(0xb1));

    public static Invitation Invitation() => Peer.Membership.Invitation.FromSeed(Repeat(0x1e));

    public static Invitation OtherInvitation() => Peer.Membership.Invitation.FromSeed(Repeat(0x1f));

    /// <summary>A ticket of the responder's for the space.</summary>
    public static Ticket Ticket(params string[] hints)
    {
        using var secret = Secret();
        using var inviter = Responder();
        return Peer.Membership.Ticket.Create(Space, secret, Invitation(), inviter.PublicKey, hints);
    }

    public static byte[] Repeat(byte value, int count = 32)
    {
        var bytes = new byte[count];
        Array.Fill(bytes, value);
        return bytes;
    }
}
