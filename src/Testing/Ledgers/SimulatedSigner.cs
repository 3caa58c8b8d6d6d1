using System.Buffers.Binary;
using System.Security.Cryptography;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Store;

namespace Replica.Testing.Ledgers;

/// <summary>Stands in for Ed25519 where signing would be most of the cost: a tag of 64 bytes keyed with the public key.</summary>
/// <remarks>Everyone can make everyone's tags, so it keeps out accidents and not liars. Never use it outside a test.</remarks>
internal sealed class SimulatedSigner(AuthorKey author) : LedgerIdentity
{
    public override AuthorKey Author => author;

    public override SignatureBytes SignHead(SpaceId space, Dot end, ChainHead head) => Sign(author, space, end, head);

    public override bool VerifyHead(AuthorKey author, SpaceId space, Dot end, ChainHead head, SignatureBytes signature) =>
        Sign(author, space, end, head) == signature;

    public override bool VerifyAdmit(SpaceId space, Operation.Admit admit) =>
        SignAdmit(space, admit.Invitation, admit.Device) == admit.Signature;

    /// <summary>The tag of any author over a head.</summary>
    public static SignatureBytes Sign(AuthorKey author, SpaceId space, Dot end, ChainHead head)
    {
        var message = new byte[(2 * Bytes32.Size) + LogId.Size + sizeof(ulong)];
        space.ToArray().CopyTo(message, 0);
        head.ToArray().CopyTo(message, Bytes32.Size);
        end.Log.CopyTo(message.AsSpan(2 * Bytes32.Size));
        BinaryPrimitives.WriteUInt64BigEndian(message.AsSpan((2 * Bytes32.Size) + LogId.Size), end.Seq);
        return new(HMACSHA512.HashData(author.ToArray(), message));
    }

    /// <summary>The tag of an invitation over a device that comes in with it.</summary>
    public static SignatureBytes SignAdmit(SpaceId space, AuthorKey invitation, AuthorKey device) =>
        new(HMACSHA512.HashData(invitation.ToArray(), (byte[])[.. space.ToArray(), .. device.ToArray()]));
}
