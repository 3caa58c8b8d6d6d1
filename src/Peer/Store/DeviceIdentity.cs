using System.Buffers.Binary;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Transport;
using Replica.Transport.Crypto;

namespace Replica.Peer.Store;

/// <summary>The identity of this device, with Ed25519. The one verifier for every way in.</summary>
internal sealed class DeviceIdentity(DeviceKeyPair device) : LedgerIdentity
{
    public override AuthorKey Author { get; } = AuthorKey.FromBytes(device.PublicKey.ToArray());

    public override SignatureBytes SignHead(SpaceId space, Dot end, ChainHead head) => new(device.Sign(HeadStatement(space, end, head)));

    public override bool VerifyHead(AuthorKey author, SpaceId space, Dot end, ChainHead head, SignatureBytes signature) =>
        DeviceSignature.Verify(DeviceKey.FromBytes(author.ToArray()), HeadStatement(space, end, head), signature.Bytes.Span);

    public override bool VerifyAdmit(SpaceId space, Operation.Admit admit) => DeviceSignature.Verify(
        DeviceKey.FromBytes(admit.Invitation.ToArray()),
        SigningLabels.Build(SigningLabels.Join, space.ToArray(), admit.Invitation.ToArray(), admit.Device.ToArray()),
        admit.Signature.Bytes.Span);

    private static byte[] HeadStatement(SpaceId space, Dot end, ChainHead head)
    {
        var seq = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(seq, end.Seq);
        return SigningLabels.Build(SigningLabels.Head, space.ToArray(), end.Log.ToArray(), seq, head.ToArray());
    }
}
